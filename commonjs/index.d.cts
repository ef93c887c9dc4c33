import type * as onceover from '../dist/harness/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/index.js' with { 'resolution-mode': 'import' }
export declare const arrivals: typeof onceover.arrivals
export declare const assertHeld: typeof onceover.assertHeld
export declare const atLeastOnce: typeof onceover.atLeastOnce
export declare const atMostOnce: typeof onceover.atMostOnce
export declare const check: typeof onceover.check
export declare const defineScenario: typeof onceover.defineScenario
export declare const exactlyOnce: typeof onceover.exactlyOnce
export declare const hotKeys: typeof onceover.hotKeys
export declare const late: typeof onceover.late
