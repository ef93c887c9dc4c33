import { createChance } from '../../core/seed.ts'
import { type ServedCluster, serve } from '../../serve/index.ts'
import type { RemoteConsumers } from './remote.interface.ts'
import type { ConsumerScript, ScriptStep } from './script.ts'

const TOPIC = 't'
const POLL_MS = 100
const PATIENCE_MS = 20_000
/** Rounds without a change after which an assignment, or the end of the records, is final. */
const QUIET_ROUNDS = 10

/** Plays a script on a cluster of its own. @returns one observation for each step */
export async function play(script: ConsumerScript, remote: RemoteConsumers, name: string): Promise<string[]> {
  await using served = await serve({
    topics: { [TOPIC]: script.partitions },
    settings: { 'group.initial.rebalance.delay.ms': 0, 'group.min.session.timeout.ms': 100 },
    seed: 'scripts',
  })
  const player = new ConsumerPlayer(served, remote, name, script.partitions)
  const observations: string[] = []
  for (const step of script.steps) observations.push(`${shown(step)}: ${await player.play(step)}`)
  return observations
}

export function shown(step: ScriptStep): string {
  switch (step.do) {
    case 'call':
      return [step.consumer, step.operation, ...step.args].join(' ')
    case 'drain':
      return `${step.consumer} drain`
    case 'settle':
      return `${step.consumers.join(' ')} settle`
    case 'append':
      return `append ${step.count} to ${step.partition}`
    case 'delete-records':
      return `delete records of ${step.partition} before ${step.before}`
    case 'sleep':
      return `sleep ${step.ms}`
    case 'fault':
      return `fault ${step.fault.request} ${step.fault.kind}${step.fault.kind === 'error' ? ` ${step.fault.error}` : ''}`
  }
}

/** An answer taken apart. */
interface ConsumerAnswer {
  readonly result: string
  readonly callbacks: readonly string[]
}

class ConsumerPlayer {
  readonly #served: ServedCluster
  readonly #remote: RemoteConsumers
  readonly #name: string
  readonly #partitions: number
  #appended = 0

  constructor(served: ServedCluster, remote: RemoteConsumers, name: string, partitions: number) {
    this.#served = served
    this.#remote = remote
    this.#name = name
    this.#partitions = partitions
  }

  async play(step: ScriptStep): Promise<string> {
    const { admin } = this.#served
    switch (step.do) {
      case 'call': {
        const args = step.operation === 'new' ? [TOPIC, ...this.#bootstrap, ...step.args] : step.args
        const { result, callbacks } = await this.#call(step.consumer, step.operation, args)
        return [result, ...callbacks].join(' | ')
      }
      case 'drain':
        return this.#drain(step.consumer)
      case 'settle':
        return this.#settle(step.consumers)
      case 'append':
        for (let index = 0; index < step.count; index += 1) this.#append(step.partition)
        return 'ok'
      case 'delete-records':
        admin.deleteRecords(TOPIC, step.partition, BigInt(step.before))
        return 'ok'
      case 'sleep':
        await new Promise((resolve) => setTimeout(resolve, step.ms))
        return 'ok'
      case 'fault':
        this.#served.fault(step.fault)
        return 'ok'
    }
  }

  get #bootstrap(): string[] {
    return [`bootstrap.servers=${this.#served.addresses[0]}`]
  }

  #append(partition: number): void {
    this.#appended += 1
    this.#served.admin.append({
      topic: TOPIC,
      partition,
      key: null,
      value: Buffer.from(`${this.#appended}`),
    })
  }

  async #call(consumer: string, operation: string, args: readonly string[] = []): Promise<ConsumerAnswer> {
    const text = await this.#remote.call(`${this.#name}/${consumer}`, operation, args)
    const [result = '', callbacks = ''] = text.split(' | ')
    return { result, callbacks: callbacks === '' ? [] : callbacks.split('; ') }
  }

  async #drain(consumer: string): Promise<string> {
    const seen = new Seen()
    const untilMs = performance.now() + PATIENCE_MS
    for (let quiet = 0; quiet < QUIET_ROUNDS && performance.now() < untilMs; ) {
      const answer = await this.#call(consumer, 'poll', [String(POLL_MS)])
      seen.add(answer)
      if (/Exception$/.test(answer.result)) break
      const { result: assignment } = await this.#call(consumer, 'assignment')
      quiet = answer.result === '' && answer.callbacks.length === 0 && assignment !== '' ? quiet + 1 : 0
    }
    return seen.text
  }

  async #settle(consumers: readonly string[]): Promise<string> {
    const seen = new Map(consumers.map((consumer) => [consumer, new Seen()]))
    const untilMs = performance.now() + PATIENCE_MS
    const all = Array.from({ length: this.#partitions }, (_, partition) => partition).join(',')
    for (let quiet = 0; quiet < QUIET_ROUNDS && performance.now() < untilMs; ) {
      const owned: string[] = []
      let still = true
      for (const consumer of consumers) {
        const answer = await this.#call(consumer, 'poll', [String(POLL_MS)])
        seen.get(consumer)?.add(answer)
        still &&= answer.result === '' && answer.callbacks.length === 0
        still &&= (await this.#call(consumer, 'member')).result === 'member'
        owned.push(
          ...(await this.#call(consumer, 'assignment')).result.split(',').filter((each) => each !== ''),
        )
      }
      // A member that has only just subscribed is not yet known to the others.
      const whole =
        owned
          .map(Number)
          .sort((a, b) => a - b)
          .join(',') === all
      quiet = still && whole ? quiet + 1 : 0
    }
    const texts: string[] = []
    for (const [consumer, each] of seen)
      texts.push(`${consumer} has ${(await this.#call(consumer, 'assignment')).result}, ${each.text}`)
    return texts.join('; ')
  }
}

/** All that several polls gave, whatever their number. */
class Seen {
  readonly #records = new Map<string, string[]>()
  readonly #callbacks: string[] = []
  #exception = ''

  add({ result, callbacks }: ConsumerAnswer): void {
    if (/Exception$/.test(result)) this.#exception = result
    else
      for (const each of result.split(' ').filter((text) => text !== '')) {
        const [partition = '', offsets = ''] = each.split(':')
        this.#records.set(partition, [...(this.#records.get(partition) ?? []), ...offsets.split(',')])
      }
    for (const each of callbacks) if (this.#callbacks.at(-1) !== each) this.#callbacks.push(each)
  }

  get text(): string {
    const records = [...this.#records]
      .sort()
      .map(([partition, offsets]) => `${partition}:${offsets.join(',')}`)
    return [records.join(' '), ...this.#callbacks, this.#exception].filter((each) => each !== '').join(' | ')
  }
}

export function streamOf(seed: string, index: number) {
  return createChance(seed).stream(`script ${index}`)
}
