import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { cached } from './cache.ts'
import { type Command, outputOf } from './child.ts'
import type { Client, Prepared } from './client.interface.ts'
import { javaTools } from './java-tools.ts'

const POM = (version: string): string => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>onceover</groupId><artifactId>programs</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`

/** The console tools of Apache Kafka, assembled by Maven. */
export async function java(
  version: string,
  groupProtocol: 'classic' | 'consumer' = 'classic',
): Promise<Prepared> {
  const name = `Java tools ${version}, group.protocol ${groupProtocol}`
  try {
    await outputOf({ command: 'java', args: ['-version'] })
    const folder = await cached(`kafka-${version}`, async (fresh) => {
      writeFileSync(path.join(fresh, 'pom.xml'), POM(version))
      const goals = ['dependency:copy-dependencies', `-DoutputDirectory=${path.join(fresh, 'libs')}`]
      await outputOf({ command: 'mvn', args: ['-q', '-B', '-f', path.join(fresh, 'pom.xml'), ...goals] })
    })
    return { client: clientOf(name, { version, groupProtocol, classPath: path.join(folder, 'libs', '*') }) }
  } catch (error) {
    return { name, skipped: `needs java and mvn: ${String(error).slice(0, 200)}` }
  }
}

interface Tools {
  readonly version: string
  readonly classPath: string
  readonly groupProtocol: 'classic' | 'consumer'
}

function clientOf(name: string, { version, classPath, groupProtocol }: Tools): Client {
  const tool = (className: string, ...args: readonly string[]): Command => ({
    command: 'java',
    args: ['-Xmx512m', '-cp', classPath, className, ...args],
  })
  const consoleProducer = version.startsWith('3.')
    ? 'kafka.tools.ConsoleProducer'
    : 'org.apache.kafka.tools.ConsoleProducer'
  return {
    name,
    commitsBeforeRebalance: true,
    producer: ({ bootstrap, topic }) => ({
      ...tool(consoleProducer, '--bootstrap-server', bootstrap, '--topic', topic),
      readsLines: true,
    }),
    consumer: ({ bootstrap, topic, group }) =>
      tool(
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        ...['--bootstrap-server', bootstrap, '--topic', topic, '--group', group, '--from-beginning'],
        '--consumer-property',
        groupProtocol === 'consumer' ? 'group.protocol=consumer' : 'heartbeat.interval.ms=300',
      ),
    // They are about no group's protocol, so once is enough.
    ...(groupProtocol === 'classic'
      ? { extras: (bootstrap: string, records: number) => javaTools(tool, bootstrap, records) }
      : {}),
  }
}
