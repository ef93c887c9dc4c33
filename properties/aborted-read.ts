import type { EventOf } from '../harness/core/history.ts'
import { recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * The wish: a consumer of transactions sees only what was committed.
 *
 * Why the simple rule is wrong: brokers do hand out aborted records; under read_committed it is the
 * *client* that leaves them out, by the list of aborted transactions in the answer (KAFKA.md X6).
 * So what matters is what reaches a handler, not what was fetched. And a record of a transaction
 * that is not decided may still be committed: giving it out was still wrong.
 *
 * The rule, under exactly once, which needs read_committed: no handler is given a record of an
 * aborted transaction, nor any record at or beyond the last stable offset, the first record of a
 * transaction that is not decided.
 *
 * Blind spots: the isolation level itself is not in the history: an app that reads uncommitted on
 * purpose must allow this anomaly.
 *
 * Source: Adya's G1a (aborted read) by way of Elle; KIP-98.
 */
export const abortedRead = property({
  name: 'aborted-read',
  when: 'online',
  open({ log }) {
    const markers = new Map<bigint, number>()
    const reported = new Set<string>()

    const deliver = (
      event: EventOf<'handler-start'> | EventOf<'batch-start'>,
      offsets: readonly bigint[],
    ): Finding | null => {
      const partition = log.at(event)
      if (partition === undefined) return null
      for (const offset of offsets) {
        const record = partition.at(offset)
        const aborted = record?.state === 'aborted'
        if (record === undefined || (!aborted && record.index < partition.stableEnd)) continue
        const name = recordName(record)
        if (reported.has(name)) continue
        reported.add(name)
        const which = aborted ? 'of an aborted transaction' : 'before the transactions below it were decided'
        const marker = markers.get(record.append.producer?.id ?? -1n)
        return seen('aborted-read', `${event.process} was given ${name} ${which}`, {
          events: [record.append.seq, aborted ? marker : undefined, event.seq],
        })
      }
      return null
    }

    return {
      on: {
        marker({ producerId, seq }) {
          markers.set(producerId, seq)
          return null
        },
        'handler-start': (event) => deliver(event, [event.offset]),
        'batch-start': (event) => deliver(event, event.offsets),
      },
    }
  },
})
