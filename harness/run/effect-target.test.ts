import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../properties/index.ts'
import type { AppContext, EffectTarget } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { handling } from '../scenario/testing/consumers.ts'

const scenario = {
  name: 'work',
  topics: { work: { partitions: 1 } },
  records: { work: 3 },
  consumers: 1,
  guarantee: exactlyOnce(),
}

/**
 * The errors that an app meets which reports this target for each record, and swallows every error.
 */
async function reporting(target: (record: EffectTarget) => unknown): Promise<unknown> {
  const app = handling(async (record, { effects }: AppContext) => {
    try {
      await effects.record(target(record) as EffectTarget)
    } catch {
      // As a handler with a catch-all does.
    }
  })
  const { message } = await prepareScenario({ ...scenario, app }, { file: import.meta.filename }).then(
    () => ({ message: 'prepared' }),
    (error: Error) => error,
  )
  return message
}

const CURE = "give it the record's topic, partition and offset as the client gave them to the handler"

it.each<[string, (record: EffectTarget) => unknown]>([
  ['zeros in front', (record) => ({ ...record, offset: `00${record.offset}` })],
  ['a number', (record) => ({ ...record, offset: Number(record.offset) })],
  ['an object with toString', (record) => ({ ...record, offset: { toString: () => `${record.offset}` } })],
  ['a partition as text', (record) => ({ ...record, partition: `${record.partition}` })],
])('a record may be named in other words: %s', async (_name, target) => {
  expect(await reporting(target)).toBe('prepared')
})

describe('an effect of a record that is not there cannot be judged, whatever the app makes of the error', () => {
  it.each([
    [
      'another topic',
      (record: EffectTarget) => ({ ...record, topic: 'wrok' }),
      "consumer-0: effects.record() was given wrok/0@0, and no topic 'wrok' has any record; did you mean 'work'?",
    ],
    [
      'another partition',
      (record: EffectTarget) => ({ ...record, partition: 7 }),
      'consumer-0: effects.record() was given work/7@0, and work has records in the partitions 0 only',
    ],
    [
      'far behind the end',
      (record: EffectTarget) => ({ ...record, offset: 99 }),
      'consumer-0: effects.record() was given work/0@99, and work/0 has no record beyond 2',
    ],
    [
      'no offset',
      (record: EffectTarget) => ({ ...record, offset: undefined }),
      "consumer-0: effects.record() was given topic 'work', partition 0, offset undefined",
    ],
    [
      'no number',
      (record: EffectTarget) => ({ ...record, offset: Number.NaN }),
      "consumer-0: effects.record() was given topic 'work', partition 0, offset NaN",
    ],
  ])('%s', async (_, target, message) => {
    expect(await reporting(target)).toBe(`${message}; ${CURE}`)
  })

  it('the offset behind the last record', async () => {
    const next = (record: EffectTarget): unknown => ({ ...record, offset: BigInt(record.offset) + 1n })
    expect(await reporting(next)).toBe(
      `consumer-0: effects.record() was given work/0@3, and work/0 ends before 3: that is the offset behind its last record; ${CURE}`,
    )
  })

  it.each([
    ['a bigint', (record: EffectTarget) => ({ ...record, offset: BigInt(record.offset) })],
    ['a number', (record: EffectTarget) => ({ ...record, offset: Number(record.offset) })],
    ['none: the record whose handler runs', () => undefined],
  ])('its own offset, as %s, is right', async (_, target) => {
    expect(await reporting(target)).toBe('prepared')
  })
})

it('a handler that gave its record up is no effect of it', async () => {
  const app = handling(async (record, { effects }: AppContext) => effects.skip(record, 'not for us'))
  const prepared = await prepareScenario({ ...scenario, app }, { file: import.meta.filename })
  const workload = prepared.workload('1')
  const crash = {
    kind: 'crash',
    target: 'consumer-0',
    at: { event: 'consumer-0 process end work/0@1' },
    restartMs: 100,
  } as const
  const { verdict, history } = await prepared.run({ seed: '1', workload, faults: [crash], holds: [] })
  expect(history.events.filter(({ kind }) => kind === 'skip').length).toBeGreaterThan(3)
  expect(history.events.filter(({ kind }) => kind === 'effect')).toEqual([])
  expect(verdict.violations).toEqual([])
})
