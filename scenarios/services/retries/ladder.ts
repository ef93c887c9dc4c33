/** Each topic, how long its messages wait, and where they go when they fail once more. */
export const RUNGS = [
  { topic: 'orders', waitMs: 0, next: 'orders.retry.5s' },
  { topic: 'orders.retry.5s', waitMs: 5_000, next: 'orders.retry.20s' },
  { topic: 'orders.retry.20s', waitMs: 20_000, next: 'orders.dead' },
] as const

/** When the message may be tried again, in milliseconds since 1970. */
export const NOT_BEFORE = 'not-before'
