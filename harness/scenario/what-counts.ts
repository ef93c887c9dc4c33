import { UsageError } from '../core/errors.ts'
import type { History } from '../core/history.ts'
import { parseTopicInCluster, recordName } from '../core/names.ts'
import type { EffectsFrom, EffectsOfService, Scenario } from '../core/scenario.ts'
import type { ObservedApp } from '../run/run.interface.ts'
import { flatScenario } from './clusters.ts'

/**
 * The event that completes a record in this scenario, and remarks about it that a reader of its
 * verdict needs.
 */
export interface WhatCounts {
  readonly effects: EffectsFrom
  /** Sentences for the report. */
  readonly remarks: readonly string[]
}

/**
 * The scenario's own word, or else what the app did in a run without faults. An app that reported
 * nothing there, and whose code names `context.effects` nevertheless, reports late or has lost
 * everything: its handlers are no effects.
 */
export function whatCounts(scenario: Scenario, app: Omit<ObservedApp, 'wire'>, source: string): WhatCounts {
  const { effects } = scenario
  if (typeof effects === 'object') {
    if (app.reportsEffects) throw twoAccounts(scenario, effects)
    return { effects: 'reported', remarks: [] }
  }
  if (effects === 'handlers') {
    if (app.reportsEffects) throw reportedBeside(scenario)
    return { effects, remarks: [] }
  }
  if (effects === 'reported' || app.reportsEffects) return { effects: 'reported', remarks: [] }
  if (reportsSomewhere(source)) {
    const remark =
      "judged by reported effects, since the app's code calls context.effects, although it reported none in the run without faults; where a handler that ends is the effect, write effects: 'handlers'"
    return { effects: 'reported', remarks: [remark] }
  }
  const remark =
    "judged by its handlers, one that ends without an error being the effect of its record: the app never called context.effects.record; to say so and be rid of this line, write effects: 'handlers'"
  return { effects: 'handlers', remarks: [remark] }
}

/** Each record would be done twice: by its handler, and by what that reports. */
function reportedBeside({ name }: Scenario): UsageError {
  return new UsageError(
    'bad-scenario',
    `the scenario '${name}' has effects: 'handlers', and its app calls context.effects.record as well; write effects: 'reported', or take the calls away`,
  )
}

function twoAccounts({ name }: Scenario, { from }: EffectsOfService): UsageError {
  return new UsageError(
    'bad-scenario',
    `the scenario '${name}' is judged by what stands in ${from}, and its app calls context.effects as well; take one of the two away`,
  )
}

/**
 * Whether a record has one effect. In a run without faults each record is delivered once: an app
 * that had effects of several labels for one there has several effects.
 */
export function effectsOfRecord({ events }: History): 'one' | 'labelled' {
  const labels = new Map<string, string>()
  for (const event of events) {
    // The run that finds out takes handlers for effects, too.
    if (event.kind !== 'effect' || event.via === 'handler') continue
    const name = recordName(event)
    const known = labels.get(name) ?? event.label
    if (known !== event.label) return 'labelled'
    labels.set(name, known)
  }
  return 'one'
}

/**
 * Whether code reports effects somewhere: `effects.skip` alone gives records up, and reports none.
 */
function reportsSomewhere(source: string): boolean {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g, '')
  return /\beffects\b(?!\s*(?:\.\s*skip\b|:\s*['"]))|\btx\s*\.\s*effect\b/.test(code)
}

/**
 * Topics whose records nobody reads, and topics that are read and have none, unless the guarantee
 * names them: each is as it should be, or a slip that keeps every promise.
 */
export function unreadTopics(scenario: Scenario, consumed: readonly string[]): readonly string[] {
  const unread = topicsToRead(scenario).filter((topic) => !consumed.includes(topic))
  return unread.map(
    (topic) => `nobody reads the records of ${topic}: the app subscribes to ${consumed.join(', ')}`,
  )
}

/**
 * Groups whose records are worked on, and that commit nothing, in a run without faults. A consumer
 * without a group has nowhere to commit.
 */
export function silentGroups({ events }: History): readonly string[] {
  const work = new Set(
    events.flatMap((event) =>
      event.kind === 'handler-end' || event.kind === 'batch-end' ? [event.group] : [],
    ),
  )
  for (const event of events) if (event.kind === 'commit') work.delete(event.group)
  work.delete('')
  if (work.size === 0) return []
  const [who, commits] = work.size === 1 ? ['the group', 'commits'] : ['the groups', 'commit']
  const names = [...work].join(' and ')
  return [
    `${who} ${names} ${commits} no offset, not even in the run without faults, so that each start begins again: right where offsets are kept elsewhere, and else a commit that is left out, empty or too late for the run`,
  ]
}

/**
 * Groups that read topics of one name in several clusters, in a run without faults: which of their
 * records are the same nobody can tell without an `identity`.
 */
export function unknownCopies({ identity }: Scenario, { events }: History): readonly string[] {
  if (identity !== undefined) return []
  const read = new Map<string, Set<string>>()
  for (const event of events) {
    if (event.kind !== 'consumer-started') continue
    for (const topic of event.topics) {
      const { cluster, name } = parseTopicInCluster(topic)
      if (cluster === null) continue
      const what = `${groupIn(event.group)} reads ${name}`
      read.set(what, (read.get(what) ?? new Set()).add(cluster))
    }
  }
  return [...read].flatMap(([what, clusters]) =>
    clusters.size < 2
      ? []
      : [
          `the group ${what} in the clusters ${[...clusters].join(' and ')}, and is judged as two: to have copies known as the same message, write identity: ({ value }) => JSON.parse(value ?? '').orderId`,
        ],
  )
}

/** Its name in its cluster. */
function groupIn(group: string): string {
  return group.slice(group.indexOf(':') + 1)
}

/** Topics that have records for the app, as far as the scenario says. */
export function topicsToRead(scenario: Scenario): readonly string[] {
  const { guarantee, records } = flatScenario(scenario)
  const { deadLetter, outputs = [] } = guarantee.options
  return Object.keys(records).filter((topic) => topic !== deadLetter && !outputs.includes(topic))
}
