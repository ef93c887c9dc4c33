import type { EventOf } from '../harness/core/history.ts'
import { groupBeside, parseTopicInCluster, partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import { sameProducer } from './views/committed.ts'

interface TransactionSoFar {
  readonly began: EventOf<'transaction'>
  readonly outputs: EventOf<'append'>[]
  readonly markers: EventOf<'marker'>[]
  readonly offsets: EventOf<'commit'>[]
  /** Offsets that the process committed beside the transaction while it was open. */
  readonly beside: EventOf<'commit'>[]
  /** Its outputs are in another cluster than what they were made of. */
  crosses: boolean
  ended: EventOf<'transaction'> | null
}

/**
 * The wish: outputs and input offsets become visible together, or not at all.
 *
 * Why the simple rule is wrong: they are never visible at the same moment: markers reach partition
 * after partition, and the offsets topic when they please (KAFKA.md X3). So this can only be said
 * at the end, and of each transaction by itself.
 *
 * The rule: a committed transaction has all its outputs committed and all the offsets that were
 * sent in it accepted; an aborted one has no output committed, and its process did not commit its
 * input offsets beside it meanwhile. Where output topics are claimed, also: no output is written
 * outside a transaction by a process that was handling a record, and no transaction commits outputs
 * without offsets; but for outputs in another cluster than their inputs, whose offsets no
 * transaction there can hold.
 *
 * Blind spots: offsets that are kept in a store instead; a transaction whose end the run did not
 * see; input offsets that were sent with another transaction than the outputs made of them.
 *
 * Source: KIP-98, KIP-447; Elle's G1c for the idea of judging each transaction as a whole.
 */
export const tornTransaction = property({
  name: 'torn-transaction',
  when: 'end',
  open({ setting, ending, handlers, groups }) {
    const outputTopics = setting.guarantee.options.outputs
    const open = new Map<bigint, TransactionSoFar>()
    const all: TransactionSoFar[] = []
    const outside: EventOf<'append'>[] = []

    const begin = (event: EventOf<'transaction'>): null => {
      const made = noneOf(event)
      open.set(event.producerId, made)
      all.push(made)
      return null
    }

    const append = (event: EventOf<'append'>): null => {
      const { producer, process, topic } = event
      if (producer?.transactional === true) addOutput(open.get(producer.id), event, groups.of(process ?? ''))
      else if (
        process !== null &&
        outputTopics?.includes(topic) === true &&
        handlers.of(process).length > 0
      ) {
        outside.push(event)
      }
      return null
    }

    const commit = (event: EventOf<'commit'>): null => {
      for (const transaction of open.values()) {
        if (transaction.ended !== null) continue
        if (event.transactional) {
          if (sameProducer(event, transaction.began)) transaction.offsets.push(event)
        } else if (event.phase === 'applied' && event.process === transaction.began.process) {
          transaction.beside.push(event)
        }
      }
      return null
    }

    const finish = (): readonly Finding[] => {
      if (!ending.reached) return []
      const torn = all.map((transaction) => tear(transaction, outputTopics !== undefined))
      return [...torn.filter((finding) => finding !== null), ...outside.map(alone)]
    }

    return {
      on: {
        append,
        commit,
        marker(event) {
          open.get(event.producerId)?.markers.push(event)
          return null
        },
        transaction(event) {
          if (event.phase === 'began') return begin(event)
          const known = open.get(event.producerId)
          const ends = event.phase === 'committed' || event.phase === 'aborted'
          if (ends && known !== undefined && known.ended === null) known.ended = event
          return null
        },
      },
      finish,
    }
  },
})

/** A transaction that has just begun. */
function noneOf(began: EventOf<'transaction'>): TransactionSoFar {
  return { began, outputs: [], markers: [], offsets: [], beside: [], crosses: false, ended: null }
}

function addOutput(
  transaction: TransactionSoFar | undefined,
  output: EventOf<'append'>,
  groups: readonly string[],
): void {
  if (transaction === undefined) return
  transaction.outputs.push(output)
  transaction.crosses ||= isElsewhere(output.topic, groups)
}

function alone(event: EventOf<'append'>): Finding {
  const message = `${event.process} wrote ${recordName(event)} outside any transaction`
  return seen('torn-transaction', message, { events: [event.seq] })
}

/** Whether the topic is in one of several clusters, and none of these groups is. */
function isElsewhere(topic: string, groups: readonly string[]): boolean {
  if (parseTopicInCluster(topic).cluster === null) return false
  return groups.every((group) => group === '' || groupBeside(group, topic) !== group)
}

function tear(
  { began, outputs, markers, offsets, beside, crosses, ended }: TransactionSoFar,
  claimed: boolean,
): Finding | null {
  if (ended === null || outputs.length === 0) return null
  const id = `the transaction of ${began.transactionalId}`
  const events = (last: number | undefined): { events: (number | undefined)[] } => ({
    events: [began.seq, outputs[0]?.seq, last, ended.seq],
  })
  const fate = (output: EventOf<'append'>): EventOf<'marker'> | undefined =>
    markers.find((marker) => partitionName(marker) === partitionName(output) && marker.offset > output.offset)

  if (ended.phase === 'aborted') {
    const visible = outputs.find((output) => fate(output)?.outcome === 'commit')
    if (visible !== undefined) {
      const text = `${id} was aborted, and ${recordName(visible)} of it is visible`
      return seen('torn-transaction', text, events(fate(visible)?.seq))
    }
    const [first] = beside
    if (first === undefined) return null
    const text = `${id} was aborted, but ${first.process} had committed offset ${first.offset} of ${partitionName(first)} beside it`
    return seen('torn-transaction', text, events(first.seq))
  }
  const hidden = outputs.find((output) => fate(output)?.outcome !== 'commit')
  if (hidden !== undefined) {
    const text = `${id} was committed, and ${recordName(hidden)} of it is not visible`
    return seen('torn-transaction', text, events(hidden.seq))
  }
  const refused = offsets.find(({ phase }) => phase === 'rejected')
  const accepted = offsets.some((other) => other.phase === 'applied')
  if (refused !== undefined && !accepted) {
    const text = `${id} was committed without offset ${refused.offset} of ${partitionName(refused)}, which was refused (${refused.error ?? ''})`
    return seen('torn-transaction', text, events(refused.seq))
  }
  if (claimed && offsets.length === 0 && !crosses) {
    return seen(
      'torn-transaction',
      `${id} made its outputs visible without any input offset`,
      events(undefined),
    )
  }
  return null
}
