import { type JavaTool, outputOf } from './child.ts'
import { javaAdminTools } from './java-admin-tools.ts'
import { RECORD_BYTES } from './records.ts'

const TOOLS = 'org.apache.kafka.tools'

/**
 * Runs the console tools of operators: topics, groups, offsets, and the tools that measure.
 * @throws Error where the output of one differs from that of a real cluster
 */
export async function javaTools(
  tool: JavaTool,
  bootstrap: string,
  records: number,
): Promise<readonly string[]> {
  const at = ['--bootstrap-server', bootstrap]
  const topics = (...args: string[]): Promise<string> =>
    outputOf(tool(`${TOOLS}.TopicCommand`, ...at, ...args))
  const groups = (...args: string[]): Promise<string> =>
    outputOf(tool(`${TOOLS}.consumer.group.ConsumerGroupCommand`, ...at, ...args))

  await topics('--create', '--topic', 'tools', '--partitions', '2')
  await topics('--alter', '--topic', 'tools', '--partitions', '3')
  expectText(await topics('--list'), /^tools$/m)
  expectText(await topics('--describe', '--topic', 'tools'), /PartitionCount: 3/)

  const { sent, consumed } = await measured(tool, bootstrap, records)
  const fetchedEachS = Number(consumed.trim().split('\n').at(-1)?.split(',').at(-1) ?? Number.NaN)
  const described = await groups('--describe', '--group', 'perf')
  expectEqual('what the group perf has committed', sumOf(described, /^perf\s+tools\s+\d+\s+(\d+)/gm), records)

  const reset = ['--reset-offsets', '--group', 'perf', '--topic', 'tools', '--to-earliest', '--execute']
  expectText(await groups(...reset), /perf\s+tools\s+2\s+0\s/)
  expectEqual(
    'the lag after the reset',
    sumOf(await groups('--describe', '--group', 'perf'), /^perf\s+tools\s+\d+\s+0\s+\d+\s+(\d+)/gm),
    records,
  )
  expectText(
    await groups('--delete', '--group', 'perf'),
    /Deletion of requested consumer groups \('perf'\) was successful/,
  )
  const left = await groups('--list')
  if (/^perf$/m.test(left)) throw new Error(`the group perf is still there: ${left}`)
  await topics('--delete', '--topic', 'tools')
  const packed = await compressed(tool, bootstrap)
  if (/^tools$/m.test(await topics('--list'))) throw new Error('the topic tools is still there')
  return [
    `perf-test: ${sent} records/s produced, ${Math.round(fetchedEachS)} records/s fetched`,
    'topics (create, alter, describe, list, delete) and consumer-groups (describe, reset-offsets, delete, list) as expected',
    packed,
    await javaAdminTools(tool, bootstrap),
    await transactions(tool, bootstrap),
  ]
}

/** The tools that measure: records a second as the producer tells it, and the consumer's output. */
async function measured(
  tool: JavaTool,
  bootstrap: string,
  records: number,
): Promise<{ readonly sent: number; readonly consumed: string }> {
  const at = ['--bootstrap-server', bootstrap]
  const perf = ['--topic', 'tools', '--num-records', String(records), '--record-size', String(RECORD_BYTES)]
  const props = ['--throughput', '-1', '--producer-props', `bootstrap.servers=${bootstrap}`]
  const produced = await outputOf(tool(`${TOOLS}.ProducerPerformance`, ...perf, ...props))
  const sent = expectText(
    produced.trim().split('\n').at(-1) ?? '',
    new RegExp(`^${records} records sent, ([\\d.]+) records/sec`),
  )
  const ends = await outputOf(tool(`${TOOLS}.GetOffsetShell`, ...at, '--topic', 'tools'))
  expectEqual('the end offsets of perf-test', sumOf(ends, /^tools:\d+:(\d+)$/gm), records)

  const consumed = await outputOf(
    tool(
      `${TOOLS}.ConsumerPerformance`,
      ...at,
      '--topic',
      'tools',
      '--messages',
      String(records),
      '--group',
      'perf',
    ),
  )
  return { sent: Math.round(Number(sent[1])), consumed }
}

const CODECS = ['gzip', 'snappy', 'lz4', 'zstd']
const PACKED_RECORDS = 20_000

async function compressed(tool: JavaTool, bootstrap: string): Promise<string> {
  const size = [
    '--topic',
    'packed',
    '--num-records',
    String(PACKED_RECORDS),
    '--record-size',
    String(RECORD_BYTES),
  ]
  for (const codec of CODECS) {
    const props = ['--throughput', '-1', '--producer-props', `bootstrap.servers=${bootstrap}`]
    await outputOf(tool(`${TOOLS}.ProducerPerformance`, ...size, ...props, `compression.type=${codec}`))
  }
  const all = String(PACKED_RECORDS * CODECS.length)
  const read = ['--bootstrap-server', bootstrap, '--topic', 'packed', '--messages', all]
  const report = await outputOf(tool(`${TOOLS}.ConsumerPerformance`, ...read))
  const [, , , , messages] = (report.trim().split('\n').at(-1) ?? '').split(',')
  expectEqual('records read of all that were compressed', Number(messages), Number(all))
  return `compressed with ${CODECS.join(', ')}: ${all} records written and read`
}

function expectText(text: string, pattern: RegExp): RegExpExecArray {
  const found = pattern.exec(text)
  if (found === null) throw new Error(`expected ${String(pattern)} in: ${text.slice(-1_500)}`)
  return found
}

function expectEqual(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: ${actual}, not ${expected}`)
}

function sumOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0)
}

const TRANSACTION_MS = 50

async function transactions(tool: JavaTool, bootstrap: string): Promise<string> {
  const size = [
    '--topic',
    'bookings',
    '--num-records',
    String(PACKED_RECORDS),
    '--record-size',
    String(RECORD_BYTES),
  ]
  const speed = [
    '--throughput',
    String(PACKED_RECORDS / 2),
    '--transaction-duration-ms',
    String(TRANSACTION_MS),
  ]
  const props = ['--producer-props', `bootstrap.servers=${bootstrap}`]
  await outputOf(tool(`${TOOLS}.ProducerPerformance`, ...size, ...speed, ...props))
  const at = ['--bootstrap-server', bootstrap, '--topic', 'bookings', '--from-beginning']
  const options = ['--isolation-level', 'read_committed', '--timeout-ms', '5000']
  const read = await outputOf(tool(`${TOOLS}.consumer.ConsoleConsumer`, ...at, ...options))
  expectEqual('records read of all that were committed', read.trim().split('\n').length, PACKED_RECORDS)
  return `transactions of ${TRANSACTION_MS} ms: ${PACKED_RECORDS} records committed and read with read_committed`
}
