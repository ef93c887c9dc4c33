import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { cached } from '../../cache/cache.ts'
import { outputOf } from './child.ts'
import type { ClientProgram, Prepared } from './client.interface.ts'

/** kafkajs as this repository has it. */
export async function kafkajs(): Promise<Prepared> {
  return {
    client: clientOf('kafkajs', { file: 'kafkajs-client.ts', url: 'kafkajs', groupProtocol: 'classic' }),
  }
}

const PLATFORMATIC = '@platformatic/kafka'
const PLATFORMATIC_VERSION = '2.12.1'

/** @platformatic/kafka: the repository's, or one from npm in the cache. */
export async function platformatic(groupProtocol: 'classic' | 'consumer' = 'classic'): Promise<Prepared> {
  const name = `${PLATFORMATIC}, groupProtocol ${groupProtocol}`
  try {
    const url =
      installed(import.meta.url) ?? installed(pathToFileURL(path.join(await fromNpm(), 'package.json')).href)
    if (url === null) throw new Error('it is not where npm put it')
    return { client: clientOf(name, { file: 'platformatic-client.ts', url, groupProtocol }) }
  } catch (error) {
    return { name, skipped: `needs npm and its registry: ${String(error).slice(0, 200)}` }
  }
}

function installed(from: string): string | null {
  try {
    return pathToFileURL(createRequire(from).resolve(PLATFORMATIC)).href
  } catch {
    return null
  }
}

function fromNpm(): Promise<string> {
  return cached(`platformatic-${PLATFORMATIC_VERSION}`, async (fresh) => {
    writeFileSync(path.join(fresh, 'package.json'), '{"private":true}')
    const options = ['--prefix', fresh, '--no-audit', '--no-fund', '--ignore-scripts']
    await outputOf({
      command: 'npm',
      args: ['install', ...options, `${PLATFORMATIC}@${PLATFORMATIC_VERSION}`],
    })
  })
}

interface ClientScript {
  readonly file: string
  readonly url: string
  readonly groupProtocol: string
}

function clientOf(name: string, { file, url, groupProtocol }: ClientScript): ClientProgram {
  const script = path.join(import.meta.dirname, file)
  const node = (...args: readonly string[]) => ({
    command: process.execPath,
    args: ['--conditions=onceover-source', script, url, ...args],
  })
  return {
    name,
    commitsBeforeRebalance: false,
    producer: ({ bootstrap, topic, records }) => ({
      ...node('produce', bootstrap, topic, String(records)),
      readsLines: false,
    }),
    consumer: ({ bootstrap, topic, group }) => node('consume', bootstrap, topic, group, groupProtocol),
  }
}
