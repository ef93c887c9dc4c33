import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { unzipSync } from 'fflate'

const REPOSITORY = 'https://repo1.maven.org/maven2/org/apache/kafka'
const CACHE = path.resolve(import.meta.dirname, '../../../../node_modules/.cache/onceover')
const WAIT_MS = 60_000

/**
 * The message definitions that ship inside Kafka's own client library, by their file names. Read
 * from Maven Central once, then from a cache; never part of this repository.
 * @throws Error where the library can't be had
 */
export function messageDefinitions(release: string): Promise<ReadonlyMap<string, string>> {
  return definitionsIn('kafka-clients', release)
}

/**
 * The definitions of what the coordinators of a release keep in their topics; Kafka 4 on.
 * @throws Error where the libraries can't be had
 */
export async function recordDefinitions(release: string): Promise<ReadonlyMap<string, string>> {
  const [groups, transactions] = await Promise.all([
    definitionsIn('kafka-group-coordinator', release),
    definitionsIn('kafka-transaction-coordinator', release),
  ])
  return new Map([...groups, ...transactions])
}

async function definitionsIn(artifact: string, release: string): Promise<ReadonlyMap<string, string>> {
  const name = `${artifact}-${release}.jar`
  const file = path.join(CACHE, name)
  if (!existsSync(file)) await download(`${REPOSITORY}/${artifact}/${release}/${name}`, file)
  const entries = unzipSync(readFileSync(file), {
    filter: ({ name }) => name.startsWith('common/message/') && name.endsWith('.json'),
  })
  return new Map(
    Object.entries(entries).map(([name, bytes]) => [
      path.basename(name, '.json'),
      Buffer.from(bytes).toString(),
    ]),
  )
}

async function download(url: string, file: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  mkdirSync(CACHE, { recursive: true })
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, Buffer.from(await answer.arrayBuffer()))
  renameSync(temporary, file)
}
