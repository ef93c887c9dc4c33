import path from 'node:path'
import { kafkaJars } from '../artifacts/kafka.ts'
import type { Command } from './child.ts'
import type { ClientProgram, Prepared } from './client.interface.ts'
import { javaTools } from './java-tools.ts'

/** The console tools of Apache Kafka, assembled by Maven. */
export async function java(
  version: string,
  groupProtocol: 'classic' | 'consumer' = 'classic',
): Promise<Prepared> {
  const name = `Java tools ${version}, group.protocol ${groupProtocol}`
  try {
    const folder = await kafkaJars(version)
    return { client: clientOf(name, { version, groupProtocol, classPath: path.join(folder, '*') }) }
  } catch (error) {
    return { name, skipped: String(error).slice(0, 200) }
  }
}

interface Tools {
  readonly version: string
  readonly classPath: string
  readonly groupProtocol: 'classic' | 'consumer'
}

function clientOf(name: string, { version, classPath, groupProtocol }: Tools): ClientProgram {
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
