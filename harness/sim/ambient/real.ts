import fs from 'node:fs'
import { createRequire } from 'node:module'

/** Node's own functions, taken before anything is patched. */
export const real = {
  setImmediate: globalThis.setImmediate,
  Date: globalThis.Date,
  createRequire,
  fs: { ...fs },
} as const
