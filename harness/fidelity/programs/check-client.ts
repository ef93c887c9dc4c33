import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from './child.ts'
import type { ClientProgram } from './client.interface.ts'
import { linesOf, RECORD_BYTES, readLines, Tally } from './records.ts'
import { startServe } from './served.ts'

export interface CheckedClient {
  readonly name: string
  readonly producedEachS: number
  readonly consumedEachS: number
  readonly peakMb: number | null
  readonly notes: readonly string[]
  readonly differences: readonly string[]
}

const TOPIC = 'records'
const PARTITIONS = 6
const SERVE_ARGS = [
  '--brokers',
  '3',
  '--topic',
  `${TOPIC}:${PARTITIONS}`,
  '--setting',
  'group.initial.rebalance.delay.ms=0',
]
const LIMIT_MS = 120_000
/** A record that comes twice comes soon. */
const EXTRA_MS = 1_500
/** While the group changes, all of it would take about this long. */
const SLOW_MS = 30_000

/** Produces and consumes `records` with one client, alone and in a group that changes meanwhile. */
export async function checkClient(client: ClientProgram, records: number): Promise<CheckedClient> {
  const served = await startServe(SERVE_ARGS)
  const { bootstrap } = served
  try {
    const producedS = await produce(client, bootstrap, records)
    const alone = await consumeAlone(client, bootstrap, records)
    const shared = await consumeTogether(client, bootstrap, records)
    const peakMb = served.peakMb()
    const extras: string[] = []
    const problems: string[] = []
    await client.extras?.(bootstrap, records).then(
      (lines) => extras.push(...lines),
      (error) => problems.push(String(error)),
    )
    return {
      name: client.name,
      producedEachS: Math.round(records / producedS),
      consumedEachS: Math.round(records / alone.seconds),
      peakMb,
      notes: [`rebalancing group: ${shared.note}`, ...extras],
      differences: [
        ...differencesOf('alone', alone, true),
        ...differencesOf('in a group that changes', shared, client.commitsBeforeRebalance),
        ...problems,
      ],
    }
  } finally {
    await served.stop()
  }
}

async function produce(client: ClientProgram, bootstrap: string, records: number): Promise<number> {
  const command = client.producer({ bootstrap, topic: TOPIC, records })
  const startMs = performance.now()
  const child = new Child(command)
  child.stdout.resume()
  const limit = setTimeout(() => child.process.kill('SIGKILL'), LIMIT_MS)
  if (command.readsLines) await pipeline(Readable.from(linesOf(records)), child.stdin).catch(() => {})
  else child.stdin.end()
  const { code, stderr } = await child.ended
  clearTimeout(limit)
  if (code !== 0) throw new Error(`the producer ended with ${code}: ${stderr.slice(-1_500)}`)
  return (performance.now() - startMs) / 1_000
}

interface ClientMember {
  readonly child: Child
  readonly state: { lines: number }
}

function startMember(
  client: ClientProgram,
  bootstrap: string,
  group: string,
  options: { tally: Tally; pauseMsEachByte: () => number },
): ClientMember {
  const child = new Child(client.consumer({ bootstrap, topic: TOPIC, group }))
  const state = { lines: 0 }
  const onLine = (line: string): void => {
    state.lines += 1
    options.tally.add(line)
  }
  readLines(child.stdout, onLine, options.pauseMsEachByte)
  return { child, state }
}

/** @throws Error after too long, with what the programs said */
async function until(holds: () => boolean, what: string, members: readonly ClientMember[]): Promise<void> {
  const endMs = performance.now() + LIMIT_MS
  while (!holds()) {
    if (performance.now() > endMs) {
      const said = members.map(({ child, state }) => `${state.lines} lines, ${child.stderr.slice(-500)}`)
      throw new Error(`${what} never happened; ${said.join(' | ')}`)
    }
    await sleep(5)
  }
}

interface Consumed {
  readonly tally: Tally
  /** The event that never happened, or null. */
  readonly problem: string | null
}

/** Seconds are counted from the start of the program. */
async function consumeAlone(
  client: ClientProgram,
  bootstrap: string,
  records: number,
): Promise<Consumed & { seconds: number }> {
  const tally = new Tally(records)
  const startMs = performance.now()
  const member = startMember(client, bootstrap, 'alone', { tally, pauseMsEachByte: () => 0 })
  let problem: string | null = null
  await until(() => tally.complete, 'the last record', [member]).catch((error) => {
    problem = String(error)
  })
  const seconds = (performance.now() - startMs) / 1_000
  await sleep(EXTRA_MS)
  await member.child.stop()
  return { tally, problem, seconds }
}

/** A second member joins, gets its share and leaves; a third one joins and stays. */
async function consumeTogether(
  client: ClientProgram,
  bootstrap: string,
  records: number,
): Promise<Consumed & { note: string }> {
  const tally = new Tally(records)
  const slowMs = SLOW_MS / (records * RECORD_BYTES)
  let slow = true
  let problem: string | null = null
  const members: ClientMember[] = []
  const start = (): ClientMember => {
    const member = startMember(client, bootstrap, 'shared', {
      tally,
      pauseMsEachByte: () => (slow ? slowMs : 0),
    })
    members.push(member)
    return member
  }
  try {
    const first = start()
    await until(() => first.state.lines > 0, "the first member's first record", members)
    const second = start()
    await until(() => second.state.lines > 0, "the second member's first record", members)
    await sleep(500)
    await second.child.stop()
    const third = start()
    await until(() => third.state.lines > 0, "the third member's first record", members)
    slow = false
    await until(() => tally.complete, 'the last record', members)
    await sleep(EXTRA_MS)
  } catch (error) {
    problem = String(error)
  } finally {
    await Promise.all(members.map(({ child }) => child.stop()))
  }
  const shares = members.map(({ state }) => state.lines).join(' + ')
  return { tally, problem, note: `${shares} records, ${tally.doubled} of them again` }
}

function differencesOf(when: string, { tally, problem }: Consumed, doubledCounts: boolean): string[] {
  const { lost, doubled, strange, records } = tally
  return [
    ...(problem === null ? [] : [`${when}: ${problem}`]),
    ...(lost > 0 ? [`${when}: ${lost} of ${records} records are lost`] : []),
    ...(doubled > 0 && doubledCounts ? [`${when}: ${doubled} records came again`] : []),
    ...(strange > 0 ? [`${when}: ${strange} lines are no records`] : []),
  ]
}
