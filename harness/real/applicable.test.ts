import { expect, it } from 'vitest'
import { kafkajsAdapter } from '../clients/kafkajs/adapter.ts'
import type { ClientTimings } from '../core/client-timings.ts'
import { durationsOf } from '../core/faults/durations.ts'
import type { FaultField } from '../core/faults/fields.ts'
import { FAULTS } from '../core/faults/index.ts'
import { PLAIN_WIRE } from '../core/faults/place.ts'
import { obstacle, obstacleOfServices } from './applicable.ts'
import { TRANSLATIONS } from './faults/index.ts'

const { timings } = kafkajsAdapter
const place = { name: 'consumer-0 start', event: { kind: 'fault' } } as const

function tried(field: FaultField<unknown>, its: ClientTimings): readonly unknown[] {
  const around = {
    ...{ consumers: 2, brokers: 3, consumed: [], groups: [], acls: [], serviceErrors: {}, poison: false },
    wire: PLAIN_WIRE,
    durations: durationsOf(its),
  }
  return field.tries(place, around)
}

/** The fields of a fault that a longer session makes longer. */
function measuredBySessions(fields: Readonly<Record<string, FaultField<unknown>>>): string[] {
  const longer = { ...timings, sessionTimeoutMs: 2 * timings.sessionTimeoutMs }
  return Object.entries(fields).flatMap(([name, field]) =>
    String(tried(field, timings)) === String(tried(field, longer)) ? [] : [name],
  )
}

it('sessions stay as they are for each fault whose length they decide, and that a real cluster can do', () => {
  const possible = FAULTS.filter(({ kind }) => TRANSLATIONS[kind].grade !== 'not applicable')
  // A process that is started again comes back long before a session ends, or long after it.
  const spanning = possible.filter(({ fields }) =>
    measuredBySessions(fields).some((name) => name !== 'restartMs'),
  )
  const hurried = spanning.filter(({ spansSessions }) => spansSessions !== true)
  expect(spanning.length).toBeGreaterThan(5)
  expect(hurried.map(({ kind }) => kind)).toEqual([])
})

it('services that would speak TLS can not be tried', () => {
  const service = { port: 80, reset: () => {}, accept: () => {} }
  expect(obstacleOfServices({ services: { 'https://mail.example': service, cache: service } })).toBe(
    'https://mail.example would have to speak TLS there; name it http:// to have it tried',
  )
  expect(obstacleOfServices({ services: { cache: service } })).toBe(null)
})

it('a replay is of one cluster', () => {
  const cluster = { brokers: 1 }
  const workload = { consumers: 1, brokers: 1, clusters: { a: cluster, b: cluster }, topics: {}, records: [] }
  const schedule = { seed: '0', workload, faults: [], holds: [] }
  expect(obstacle(schedule, {}, { name: 'local', cannot: () => null })).toBe(
    'the scenario has 2 clusters, and a replay there is of one',
  )
})
