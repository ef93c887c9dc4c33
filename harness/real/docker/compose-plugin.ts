import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../../cache/cache.ts'

const run = promisify(execFile)
const VERSION = '2.40.3'
const MODULE = 'github.com/docker/compose/v2'
/** A large program: on two busy cores the build has taken half an hour. */
const BUILD_MS = 3_600_000

/**
 * Puts `docker compose` into this folder of Docker's configuration: from the Go module proxy, built
 * once, then found again. Its own module forbids `go install`; a tool of a module of one's own is
 * allowed.
 */
export async function addComposePlugin(dockerConfig: string): Promise<void> {
  const built = await cached(`compose-${VERSION}`, async (fresh) => {
    const go = (...args: string[]): Promise<unknown> =>
      run('go', args, { cwd: fresh, timeout: BUILD_MS, env: { ...process.env, CGO_ENABLED: '0' } })
    await go('mod', 'init', 'example/compose')
    await go('get', '-tool', `${MODULE}/cmd@v${VERSION}`)
    const flags = `-s -w -X ${MODULE}/internal.Version=v${VERSION}`
    await go('build', '-ldflags', flags, '-o', 'docker-compose', `${MODULE}/cmd`)
  })
  const plugins = path.join(dockerConfig, 'cli-plugins')
  mkdirSync(plugins, { recursive: true })
  copyFileSync(path.join(built, 'docker-compose'), path.join(plugins, 'docker-compose'))
}
