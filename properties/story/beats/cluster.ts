import { definitionOf } from '../../../harness/core/fault.ts'
import type { EventOf, HistoryEvent, TopicPartition } from '../../../harness/core/history.ts'
import { parsePartitionName, partitionName, recordName } from '../../../harness/core/names.ts'
import { on, type Telling } from '../beat.ts'
import type { Scope } from '../scope.ts'

/** Beats of the log, of brokers and of the network. */
export function clusterBeat(event: HistoryEvent, scope: Scope): Telling | null {
  const near = (at: TopicPartition): boolean => scope.partitions.has(partitionName(at))
  const cluster = on('cluster')
  switch (event.kind) {
    case 'fault':
      return fault(event, scope)
    case 'log-start':
      return near(event) ? cluster(`${partitionName(event)} now starts at @${event.offset}`, 'trouble') : null
    case 'truncated':
      return near(event)
        ? cluster(`${recordName(event)} and later are gone (${event.reason})`, 'trouble')
        : null
    case 'compacted':
      return near(event) ? cluster(`${partitionName(event)} is compacted`, 'work') : null
    case 'topic-deleted':
      return concerns(event.topic, scope) ? cluster(`the topic ${event.topic} is deleted`, 'trouble') : null
    case 'topic-created':
      return scope.facts.hasBegun(event.seq) && concerns(event.topic, scope)
        ? cluster(`the topic ${event.topic} is created`, 'work')
        : null
    case 'partitions-added':
      return cluster(`${event.topic} has ${event.partitions} partitions now`, 'work')
    case 'invariant':
      return event.outcome === 'broken'
        ? on('harness')(`finds '${event.name}' broken: ${event.text}`, 'trouble')
        : null
    case 'phase':
      return event.phase === 'drain' &&
        scope.events.some(
          (each) => each.kind === 'fault' && each.phase === 'ends' && each.timeUs >= event.timeUs,
        )
        ? on('harness')('all faults are over', 'work', 1)
        : null
    default:
      return null
  }
}

function concerns(topic: string, { partitions }: Scope): boolean {
  return [...partitions].some((name) => parsePartitionName(name)?.topic === topic)
}

function fault({ fault, phase, seq }: EventOf<'fault'>, { strikes }: Scope): Telling | null {
  if (phase === 'ends')
    return definitionOf(fault.kind).told(fault)?.mark === 'crash'
      ? on(fault.target)('is back', 'start', 1)
      : null
  return strikes.has(seq) ? definitionOf(fault.kind).told(fault) : null
}
