import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../../cache/cache.ts'

const run = promisify(execFile)
/** A repository that does not answer must not hold up a comparison. */
const MAVEN_MS = 300_000
const WHY_CHARS = 300

/**
 * The folder with the jars of a Kafka release, brokers and console tools, from Maven Central;
 * assembled once, then found again.
 * @param release for example `4.1.0`
 * @throws Error where Java, Maven or the artifacts can't be had
 */
export async function kafkaJars(release: string): Promise<string> {
  await run('java', ['-version']).catch(() => fail('there is no Java here'))
  return cached(`kafka-${release}-and-tools`, async (folder) => {
    await run('mvn', ['-v']).catch(() => fail('there is no Maven here'))
    const pom = path.join(folder, 'pom.xml')
    writeFileSync(pom, pomOf(release))
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
    await run('mvn', ['-q', '-B', '-f', pom, ...goal], { timeout: MAVEN_MS }).catch((error: unknown) =>
      fail(whyNot(release, error)),
    )
    rmSync(pom)
  })
}

function pomOf(release: string): string {
  const dependency = (artifact: string): string =>
    `<dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${release}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>onceover</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies>${dependency('kafka_2.13')}${dependency('kafka-tools')}</dependencies></project>
`
}

/** Maven tells in many lines of a log what one says. */
function whyNot(release: string, error: unknown): string {
  const { stdout = '' } = error as { readonly stdout?: string }
  if (/Could not find artifact org\.apache\.kafka:/.test(stdout))
    return `there is no Kafka ${release} on Maven Central`
  const said = stdout.split('\n').find((line) => line.includes('ERROR')) ?? String(error)
  return `Kafka ${release} could not be had from Maven Central: ${said.slice(0, WHY_CHARS)}`
}

function fail(message: string): never {
  throw new Error(message)
}
