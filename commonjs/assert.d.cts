import type * as assertions from '../dist/harness/assert/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/assert/index.js' with { 'resolution-mode': 'import' }
export declare const always: typeof assertions.always
export declare const alwaysOrUnreachable: typeof assertions.alwaysOrUnreachable
export declare const reachable: typeof assertions.reachable
export declare const sometimes: typeof assertions.sometimes
export declare const unreachable: typeof assertions.unreachable
