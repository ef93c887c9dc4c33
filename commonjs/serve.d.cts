import type * as serving from '../dist/harness/serve/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/serve/index.js' with { 'resolution-mode': 'import' }
export declare const serve: typeof serving.serve
