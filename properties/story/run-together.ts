import { partitionName } from '../../harness/core/names.ts'
import { type Beat, callsText, ownsText, type Work, workTold } from './beat.ts'
import { startOf } from './beats/group.ts'
import { has } from './facts.ts'
import type { Scope } from './scope.ts'

/** Adds a beat, or lets it run together with one before it. */
export function addBeat(beats: Beat[], beat: Beat, scope: Scope): void {
  const before = beats.at(-1)
  const joined = before === undefined ? null : together(before, beat)
  if (joined !== null) {
    beats[beats.length - 1] = joined
    return
  }
  if (!startOfOwned(beats, beat, scope) && !sameFailure(beats, beat)) beats.push(beat)
}

function together(before: Beat, beat: Beat): Beat | null {
  if (before.lane !== beat.lane || before.fault !== null || beat.fault !== null) return null
  const [earlier, later] = [before.events.at(-1), beat.events[0]]
  if (earlier === undefined || later === undefined) return null
  // A client says first that its consumer has stopped, and then why.
  if (earlier.kind === 'consumer-stopped' && later.kind === 'consumer-crashed')
    return { ...beat, events: [...before.events, ...beat.events] }
  if (before.text === beat.text && beat.work === null && beat.weight < 3 && before.weight < 3)
    return { ...before, events: [...before.events, ...beat.events] }
  if (before.calls !== null && beat.calls !== null && before.calls.service === beat.calls.service) {
    const calls = { ...before.calls, made: [...before.calls.made, ...beat.calls.made] }
    const events = [...before.events, ...beat.events]
    return { ...before, text: callsText(calls), calls, weight: heavier(before, beat), events }
  }
  if (before.work === null || beat.work === null) return null
  const work = joinWork(before.work, beat.work)
  if (work === null) return null
  const weight = heavier(before, beat)
  return { ...before, ...workTold(work), weight, work, events: [...before.events, ...beat.events] }
}

function joinWork(a: Work, b: Work): Work | null {
  if (partitionName(a.at) !== partitionName(b.at)) return null
  if (b.first === null)
    return a.committed === null || a.first === null ? { ...a, committed: b.committed } : null
  if (a.first === null || a.last === null || a.committed !== null) return null
  return b.first === a.last + 1n ? { ...a, last: b.last, committed: b.committed } : null
}

/** Where a partition is read from is told with its assignment. */
function startOfOwned(beats: Beat[], beat: Beat, scope: Scope): boolean {
  const [event] = beat.events
  if (event?.kind !== 'offset-fetched') return false
  const index = beats.findLastIndex(({ lane, owns }) => lane === beat.lane && owns !== null)
  const owning = beats[index]
  if (owning?.owns == null || !has(owning.owns.partitions, event)) return false
  const name = partitionName(event)
  const known = owning.owns.from.get(name)
  const start = startOf(event, scope)
  // Without a committed offset a client may ask again and again.
  const asksAgain = known !== undefined && event.offset < 0n
  if (known !== undefined && known !== start && !asksAgain) return false
  const owns = { ...owning.owns, from: new Map(owning.owns.from).set(name, known ?? start) }
  beats[index] = {
    ...owning,
    owns,
    text: ownsText(owns),
    events: [...owning.events, event],
    weight: heavier(owning, beat),
  }
  return true
}

/** A handler that fails because an effect did: the effect has said it. */
function sameFailure(beats: Beat[], beat: Beat): boolean {
  const [event] = beat.events
  if ((event?.kind !== 'handler-failure' && event?.kind !== 'batch-end') || beat.fault !== null) return false
  const index = beats.findLastIndex(
    ({ lane, events }) => lane === beat.lane && events[0]?.kind === 'effect-failure',
  )
  const failed = beats[index]
  const [effect] = failed?.events ?? []
  if (failed === undefined || effect?.kind !== 'effect-failure' || event.error === null) return false
  if (!event.error.includes(effect.error) || event.timeUs - effect.timeUs > SAME_US) return false
  beats[index] = { ...failed, events: [...failed.events, event] }
  return true
}

const SAME_US = 10_000

function heavier(one: Beat, other: Beat): Beat['weight'] {
  return one.weight > other.weight ? one.weight : other.weight
}
