import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cached } from '../../../cache/cache.ts'
import { kafkaJars } from '../../artifacts/kafka.ts'
import { Child, type Command, outputOf, run } from '../child.ts'
import { startServe } from '../served.ts'
import type { Results, Suite } from './suite.interface.ts'

const VERSION = '4.1.0'
const WORDS = 40
const KILLS = 3
const INSTANCES = 2
const BETWEEN_KILLS_MS = 12_000
const LIMIT_MS = 400_000

/**
 * Kafka Streams from Maven Central: a word count with exactly_once_v2, whose instances are killed.
 */
export async function kafkaStreams(): Promise<Suite> {
  const name = `Kafka Streams ${VERSION}: word count, exactly_once_v2, ${KILLS} kills`
  try {
    const jars = [await kafkaJars(VERSION), await streamsJars()]
    const classes = await cached(`streams-word-count-${VERSION}`, async (fresh) => {
      const source = path.join(import.meta.dirname, 'WordCount.java')
      const args = ['-cp', classPathOf(jars), '-d', fresh, source]
      await outputOf({ command: 'javac', args })
    })
    return { name, run: () => count(classPathOf([...jars, classes])) }
  } catch (error) {
    return { name, skipped: `needs a JDK, Maven and Maven Central: ${String(error).slice(0, 200)}` }
  }
}

function classPathOf(folders: readonly string[]): string {
  return folders.flatMap((folder) => [path.join(folder, '*'), folder]).join(':')
}

function streamsJars(): Promise<string> {
  return cached(`kafka-streams-${VERSION}`, async (fresh) => {
    const pom = path.join(fresh, 'pom.xml')
    writeFileSync(
      pom,
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>onceover</groupId><artifactId>streams</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>${VERSION}</version></dependency></dependencies></project>
`,
    )
    const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`]
    await outputOf({ command: 'mvn', args })
    rmSync(pom)
  })
}

async function count(classPath: string): Promise<Results> {
  const test = `each of ${WORDS} words is counted once for each time that it comes, in order`
  const served = await startServe(['--brokers', '3'])
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-streams-'))
  const program = (...args: readonly string[]): Command => ({
    command: 'java',
    args: ['-Xmx256m', '-cp', classPath, 'WordCount', ...args],
  })
  const instance = (number: number): Child =>
    new Child(program('count', served.bootstrap, path.join(folder, String(number))))
  let instances: Child[] = []
  try {
    await outputOf(program('create', served.bootstrap))
    instances = Array.from({ length: INSTANCES }, (_, number) => instance(number))
    const producing = run(program('produce', served.bootstrap), LIMIT_MS)
    for (let kill = 0; kill < KILLS; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_KILLS_MS))
      const number = kill % INSTANCES
      instances[number]?.process.kill('SIGKILL')
      await instances[number]?.ended
      instances[number] = instance(number)
    }
    const produced = await producing
    const { code, stdout, stderr } = await run(program('check', served.bootstrap), LIMIT_MS)
    const why = `${produced.stdout}${produced.stderr}${stdout}${stderr}`.slice(-1_500)
    return code === 0 && produced.code === 0
      ? { passed: [test], failed: [], skipped: [] }
      : { passed: [], failed: [{ test, why }], skipped: [] }
  } finally {
    for (const each of instances) await each.stop()
    await served.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
