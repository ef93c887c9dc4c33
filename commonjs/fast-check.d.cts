import type { Arbitrary } from 'fast-check'
import type * as properties from '../dist/harness/fast-check/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/fast-check/index.js' with { 'resolution-mode': 'import' }
export declare const eventLine: typeof properties.eventLine
export declare const findingsOf: typeof properties.findingsOf
export declare const outcomeOf: typeof properties.outcomeOf
/** For `require`, fast-check has types of its own. */
export declare const schedules: (
  ...given: Parameters<typeof properties.schedules>
) => Promise<Arbitrary<properties.Schedule>>
