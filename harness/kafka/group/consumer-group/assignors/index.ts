import type { Assignor } from './assignor.interface.ts'
import { assignRanges } from './range.ts'
import { assignUniformly } from './uniform.ts'

/** Server-side assignors by the names that clients ask for. */
export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniformly],
  ['range', assignRanges],
])

export type { Assignor } from './assignor.interface.ts'
