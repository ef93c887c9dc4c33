import { performance } from 'node:perf_hooks'

/** Node's own functions, taken before anything is patched. Import this first. */
export const real = {
  setImmediate: globalThis.setImmediate,
  Date: globalThis.Date,
  nextTick: process.nextTick.bind(process),
  now: performance.now.bind(performance),
} as const
