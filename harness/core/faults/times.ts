import type { FaultField } from './fields.ts'

/**
 * How often a record's fault strikes: so many times; until the client has given up, or ended its
 * process; or always, which is a poison record.
 */
export type Times = 'once' | 'until-given-up' | 'always' | number

/**
 * How many of one sort in a row: so many, or all of them until the client has given up, of which
 * there are a hundred at most.
 */
export type InARow = number | 'until-given-up'

const WORDS = ['once', 'until-given-up', 'always'] as const

/** As many as a client tries again at once, and fewer than make it give up. */
const SEVERAL = 3

export const times: FaultField<Times> = {
  accepts: { type: 'one-of-or-count', values: WORDS },
  tries: (_, { poison }) => ['once', ...(poison ? (['always'] as const) : []), SEVERAL, 'until-given-up'],
  plainer: (value) =>
    typeof value === 'number'
      ? ['once', ...Array.from({ length: Math.max(0, value - 2) }, (_, index) => index + 2)]
      : value === 'until-given-up'
        ? ['once', 2, SEVERAL]
        : [],
}

/**
 * How many of one sort in a row, where it is more than one: as many as a client tries again, or all
 * until it gives up.
 */
export const inARow: FaultField<InARow | undefined> & { readonly optional: true } = {
  accepts: { type: 'one-of-or-count', values: ['until-given-up'] },
  optional: true,
  tries: () => [undefined, SEVERAL, 'until-given-up'],
  plainer: (value) =>
    value === undefined
      ? []
      : [
          undefined,
          ...(value === 'until-given-up'
            ? [2, SEVERAL]
            : Array.from({ length: value - 2 }, (_, index) => index + 2)),
        ],
}

/** Behind what happens. */
export function timesInWords(value: Times): string {
  switch (value) {
    case 'once':
      return 'once'
    case 'always':
      return 'every time'
    case 'until-given-up':
      return 'until its client gives up'
    default:
      return `${value} times`
  }
}

/** Behind what is told to happen, which is once unless it says more. */
export function timesBehind(value: Times): string {
  if (value === 'once') return ''
  return value === 'always' ? ' each time' : ` ${timesInWords(value)}`
}

/** Behind the first of them, where it strikes so many in a row. */
export function andTheNext(times: InARow | undefined): string {
  if (times === undefined) return ''
  return times === 'until-given-up'
    ? ' and each that follows, until its client gives up,'
    : ` and the next ${times - 1}`
}
