import { Consumer, type ConsumerSettings, type TopicPartition } from '../../poll-loop/index.ts'
import type { RemoteConsumers } from './remote.interface.ts'

const TIMEOUT_MS = 5_000

/** One consumer, with the callbacks that it has made since its last answer. */
class LoopRemote {
  #consumer: Consumer | null = null
  #topic = ''
  readonly #callbacks: string[] = []

  async call(operation: string, args: readonly string[]): Promise<string> {
    let result: string
    try {
      result = await this.#run(operation, args)
    } catch (error) {
      result = error instanceof Error ? error.name : String(error)
    }
    const told = this.#callbacks.splice(0).join('; ')
    return told === '' ? result : `${result} | ${told}`
  }

  async #run(operation: string, args: readonly string[]): Promise<string> {
    if (operation === 'new') return this.#make(args)
    const consumer = this.#consumer as Consumer
    const [first = '', second = ''] = args
    switch (operation) {
      case 'subscribe':
        consumer.subscribe([this.#topic], {
          assigned: (partitions) => void this.#callbacks.push(`assigned ${shown(partitions)}`),
          revoked: (partitions) => void this.#callbacks.push(`revoked ${shown(partitions)}`),
          lost: (partitions) => void this.#callbacks.push(`lost ${shown(partitions)}`),
        })
        return 'ok'
      case 'poll': {
        const records = await consumer.poll(Number(first))
        const found = records.partitions
          .map((at) => ({ at, offsets: [...records.records(at)].map(({ offset }) => offset) }))
          .sort((a, b) => a.at.partition - b.at.partition)
        return found.map(({ at, offsets }) => `${at.partition}:${offsets.join(',')}`).join(' ')
      }
      case 'commitSync':
        await consumer.commitSync(args.length === 0 ? undefined : this.#offsets(args))
        return 'ok'
      case 'commitAsync':
        consumer.commitAsync(args.length === 0 ? undefined : this.#offsets(args), (_offsets, error) => {
          this.#callbacks.push(`committed ${error === null ? 'ok' : error.name}`)
        })
        return 'ok'
      case 'seek':
        consumer.seek(this.#at(first), BigInt(second))
        return 'ok'
      case 'position':
        return String(await consumer.position(this.#at(first), TIMEOUT_MS))
      case 'committed': {
        const found = await consumer.committed(this.#all(args), TIMEOUT_MS)
        return found
          .map(({ partition, offset }) => `${partition}=${offset ?? 'none'}`)
          .sort()
          .join(' ')
      }
      case 'beginningOffsets':
        return numbers(await consumer.beginningOffsets(this.#all(args), TIMEOUT_MS))
      case 'endOffsets':
        return numbers(await consumer.endOffsets(this.#all(args), TIMEOUT_MS))
      case 'offsetsForTimes': {
        const times = [{ ...this.#at(first), timestamp: BigInt(second) }]
        const found = await consumer.offsetsForTimes(times, TIMEOUT_MS)
        return found.map(({ offset }) => String(offset ?? 'none')).join(' ')
      }
      case 'unsubscribe':
        await consumer.unsubscribe()
        return 'ok'
      case 'close':
        await consumer.close(TIMEOUT_MS)
        return 'ok'
      case 'wakeup':
        consumer.wakeup()
        return 'ok'
      default:
        return this.#ask(consumer, operation, args)
    }
  }

  #make([topic = '', ...settings]: readonly string[]): string {
    this.#topic = topic
    const pairs = settings.map((setting) => setting.split('=') as [string, string])
    this.#consumer = new Consumer(Object.fromEntries(pairs) as ConsumerSettings)
    return 'ok'
  }

  /** Operations that need no network. */
  #ask(consumer: Consumer, operation: string, args: readonly string[]): string {
    switch (operation) {
      case 'assign':
        consumer.assign(this.#all(args))
        return 'ok'
      case 'seekToBeginning':
        consumer.seekToBeginning(this.#all(args))
        return 'ok'
      case 'seekToEnd':
        consumer.seekToEnd(this.#all(args))
        return 'ok'
      case 'pause':
        consumer.pause(this.#all(args))
        return 'ok'
      case 'resume':
        consumer.resume(this.#all(args))
        return 'ok'
      case 'paused':
        return shown(consumer.paused)
      case 'assignment':
        return shown(consumer.assignment)
      case 'lag':
        return String(consumer.currentLag(this.#at(args[0] ?? '0')) ?? -1)
      case 'member':
        return consumer.groupMetadata().generationId < 0 ? 'none' : 'member'
      default:
        return `no operation ${operation}`
    }
  }

  #at(partition: string): TopicPartition {
    return { topic: this.#topic, partition: Number(partition) }
  }

  #all(partitions: readonly string[]): TopicPartition[] {
    return partitions.map((each) => this.#at(each))
  }

  #offsets(args: readonly string[]) {
    return args.map((each) => {
      const [partition = '', offset = ''] = each.split('=')
      return { ...this.#at(partition), offset: BigInt(offset) }
    })
  }
}

export function loopRemote(): RemoteConsumers {
  const consumers = new Map<string, LoopRemote>()
  return {
    name: 'onceover/poll-loop',
    call(name, operation, args = []) {
      const consumer = consumers.get(name) ?? new LoopRemote()
      consumers.set(name, consumer)
      return consumer.call(operation, args)
    },
    async stop() {},
  }
}

function shown(partitions: readonly TopicPartition[]): string {
  return partitions
    .map(({ partition }) => partition)
    .sort((a, b) => a - b)
    .join(',')
}

function numbers(offsets: readonly { readonly partition: number; readonly offset: bigint | null }[]): string {
  return offsets
    .map(({ partition, offset }) => `${partition}=${offset}`)
    .sort()
    .join(' ')
}
