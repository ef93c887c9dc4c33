import { describe, expectTypeOf, it } from 'vitest'
import type { Fault, FaultKind, FaultOfKind } from '../fault.ts'
import type { FaultFamily } from './families.ts'
import { type DefinedFault, fault } from './fault.ts'
import { ms } from './fields.ts'
import type { FAULTS } from './index.ts'
import type { Moment } from './moment.ts'
import { process } from './targets.ts'

/** A definition with all that is asked for but its family. */
const HOMELESS = {
  kind: 'made-up',
  target: process,
  fields: { durationMs: ms(() => [1]) },
  acts: 'instant',
  effect: 'nothing',
  words: () => '',
  told: () => null,
} as const

const AT: Moment = { atMs: 0 }

/** Checked by `npm run types`: each expected error that is none is an error itself. */
describe('the types of faults', () => {
  it('refuse a kind without a family, or with one that is none', () => {
    // @ts-expect-error: no family
    fault(HOMELESS)
    // @ts-expect-error: no such family
    fault({ ...HOMELESS, family: 'weather' })
    fault({ ...HOMELESS, family: 'clock' })
  })

  it('give each kind a family of the table', () => {
    expectTypeOf<(typeof FAULTS)[number]['family']>().toExtend<FaultFamily>()
    expectTypeOf<(typeof FAULTS)[number]['kind']>().toEqualTypeOf<FaultKind>()
  })

  it('take the fields of a fault from its definition', () => {
    const made = fault({ ...HOMELESS, family: 'clock' })
    expectTypeOf<DefinedFault<typeof made>>().toEqualTypeOf<{
      readonly kind: 'made-up'
      readonly target: string
      readonly at: Moment
      readonly durationMs: number
    }>()
    expectTypeOf<FaultOfKind<'crash'>>().toHaveProperty('restartMs')
  })

  it('are a closed union: unknown kinds, missing fields and wrong values are errors', () => {
    const faults: Fault[] = [
      { kind: 'crash', target: 'consumer-0', at: AT, restartMs: 1 },
      // @ts-expect-error: no such kind
      { kind: 'crush', target: 'consumer-0', at: AT, restartMs: 1 },
      // @ts-expect-error: a crash says when its process starts again
      { kind: 'crash', target: 'consumer-0', at: AT },
      // @ts-expect-error: milliseconds are a number
      { kind: 'crash', target: 'consumer-0', at: AT, restartMs: '1 s' },
    ]
    expectTypeOf(faults).toEqualTypeOf<Fault[]>()
  })
})
