import type { AppContext } from 'onceover'
import { sometimes } from 'onceover/assert'
import { next, startService } from '../../service.ts'

const SECOND_TRY_MS = 20_000

interface Receipt {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

interface PrinterOptions {
  /** A receipt that was carried over a rebalance does not hold the commits back. */
  readonly commitsPastCarried: boolean
}

/** Prints receipts; those that the printer refuses wait for a second try. */
export function printReceipts(context: AppContext, { commitsPastCarried }: PrinterOptions): Promise<void> {
  const waiting: Receipt[] = []
  const carried: Receipt[] = []
  /** A rebalance may have carried it to the other list meanwhile. */
  const cross = (receipt: Receipt): void => {
    for (const list of [waiting, carried]) if (list.includes(receipt)) list.splice(list.indexOf(receipt), 1)
  }
  const retry = async (): Promise<void> => {
    for (let first = waiting[0] ?? carried[0]; first !== undefined; first = waiting[0] ?? carried[0]) {
      await context.effects.record(first, 'printed')
      cross(first)
    }
  }
  const tryAgain = (): void => {
    setTimeout(() => retry().catch(tryAgain), SECOND_TRY_MS)
  }
  return startService(context, {
    group: 'printers',
    topics: ['receipts'],
    run: (consumer) => {
      consumer.on(consumer.events.GROUP_JOIN, () => {
        sometimes(waiting.length > 0, 'receipts are carried over a rebalance')
        carried.push(...waiting.splice(0))
      })
      /** The first receipt of the partition that is not printed, or what comes behind this one. */
      const committable = ({ partition, offset }: Receipt): string =>
        [...waiting, ...(commitsPastCarried ? [] : carried)]
          .filter((receipt) => receipt.partition === partition)
          .map((receipt) => receipt.offset)
          .reduce((first, each) => (BigInt(each) < BigInt(first) ? each : first), next(offset))
      return {
        autoCommit: false,
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const receipt = { topic, partition, offset }
          const isSame = (other: Receipt): boolean => other.partition === partition && other.offset === offset
          if (![...waiting, ...carried].some(isSame)) {
            try {
              await context.effects.record(receipt, 'printed')
            } catch {
              if (waiting.length + carried.length === 0) tryAgain()
              waiting.push(receipt)
              sometimes(true, 'a receipt waits for its second try')
            }
          }
          await consumer.commitOffsets([{ topic, partition, offset: committable(receipt) }])
        },
      }
    },
  })
}
