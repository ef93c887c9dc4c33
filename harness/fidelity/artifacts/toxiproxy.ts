import { execFile } from 'node:child_process'
import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { cached, cachedFolder } from '../../cache/cache.ts'

const run = promisify(execFile)

export const TOXIPROXY_VERSION = '2.12.0'
const MODULE = `github.com/Shopify/toxiproxy/v2/cmd/server@v${TOXIPROXY_VERSION}`
const BINARY = 'toxiproxy-server'
const FOLDER = `toxiproxy-${TOXIPROXY_VERSION}`
/** A module proxy that does not answer must not hold up a build. */
const GO_MS = 900_000

/**
 * The binary of toxiproxy-server: the one that `ONCEOVER_TOXIPROXY` names, the one on the PATH, or
 * one that Go builds from the module proxy; built once, then found again.
 * @throws Error where it can't be had
 */
export async function toxiproxyBinary(): Promise<string> {
  const there = await toxiproxyOnPath()
  if (there !== null) return there
  const folder = await cached(FOLDER, async (fresh) => {
    const env = { ...process.env, GOBIN: fresh, CGO_ENABLED: '0' }
    await run('go', ['install', MODULE], { env, timeout: GO_MS }).catch((error: unknown) => {
      const { stderr = String(error) } = error as { readonly stderr?: string }
      throw new Error(`Toxiproxy could not be built: ${stderr.trim().slice(-300)}`)
    })
    renameSync(path.join(fresh, 'server'), path.join(fresh, BINARY))
  })
  return path.join(folder, BINARY)
}

/** Of a Toxiproxy that is here already, one that was built earlier included, or null. */
export async function toxiproxyHere(): Promise<string | null> {
  const folder = cachedFolder(FOLDER)
  return (await toxiproxyOnPath()) ?? (folder === null ? null : path.join(folder, BINARY))
}

/** The one that is named, or the one on the PATH; null: neither. */
async function toxiproxyOnPath(): Promise<string | null> {
  const named = process.env['ONCEOVER_TOXIPROXY']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new Error(`ONCEOVER_TOXIPROXY names ${named}, which is not there`)
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.map((folder) => path.join(folder, BINARY)).find((file) => existsSync(file)) ?? null
}
