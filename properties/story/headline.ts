import type { PropertyName } from '../../harness/core/verdict.ts'
import { borneOut, type Headline, headlineText, holds } from './clause.ts'
import { deadConsumer } from './headlines/dead-consumer.ts'
import { duplicateEffect } from './headlines/duplicate-effect.ts'
import { lostRecord } from './headlines/lost-record.ts'
import { shutdownHang } from './headlines/shutdown-hang.ts'
import { stuckPartition } from './headlines/stuck-partition.ts'
import { zombieEffect } from './headlines/zombie-effect.ts'
import type { Scope } from './scope.ts'

/**
 * Where the history says more than the finding's own message: what it comes to, and how it came to
 * that.
 */
const HEADLINES: Partial<Readonly<Record<PropertyName, (scope: Scope) => Headline | null>>> = {
  'lost-record': lostRecord,
  'duplicate-effect': duplicateEffect,
  'zombie-effect': zombieEffect,
  'stuck-partition': stuckPartition,
  'dead-consumer': deadConsumer,
  'shutdown-hang': shutdownHang,
}

/** The headline of a finding, as far as the history bears it out: better less than wrong. */
export function headlineOf(scope: Scope): Headline {
  const { finding, events } = scope
  const headline = HEADLINES[finding.property]?.(scope) ?? null
  if (headline === null || !holds(headline.result, events)) return messageOf(scope)
  return { ...headline, causes: borneOut(headline.causes, events) }
}

function messageOf({ finding, events }: Scope): Headline {
  const shownBy = finding.events.flatMap((seq) => events[seq] ?? [])
  return { result: { text: finding.message, shownBy }, causes: [] }
}

export function sentenceOf(scope: Scope): string {
  return headlineText(headlineOf(scope))
}
