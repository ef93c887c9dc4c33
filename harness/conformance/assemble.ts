import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/onceover')

/**
 * The folder with the jars of a Kafka release, from Maven Central; assembled once, then found again.
 * @param release for example `4.1.0`
 * @throws Error where Maven or the artifacts can't be had
 */
export function assembleKafka(release: string): string {
  const folder = path.join(CACHE, `kafka-${release}`)
  if (existsSync(folder) && readdirSync(folder).length > 0) return folder
  if (spawnSync('mvn', ['-v']).status !== 0) throw new Error('there is no Maven here')
  const work = path.join(CACHE, `kafka-${release}-${process.pid}`)
  mkdirSync(work, { recursive: true })
  writeFileSync(path.join(work, 'pom.xml'), pom(release))
  const copied = spawnSync(
    'mvn',
    [
      '-q',
      '-B',
      '-f',
      path.join(work, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${work}/libs`,
    ],
    { encoding: 'utf8' },
  )
  if (copied.status !== 0) {
    rmSync(work, { recursive: true, force: true })
    throw new Error(`the artifacts of Kafka ${release} could not be had: ${copied.stdout.slice(-300)}`)
  }
  renameSync(path.join(work, 'libs'), folder)
  rmSync(work, { recursive: true, force: true })
  return folder
}

function pom(release: string): string {
  const dependency = (artifact: string): string =>
    `<dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${release}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>onceover</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies>${dependency('kafka_2.13')}</dependencies></project>
`
}
