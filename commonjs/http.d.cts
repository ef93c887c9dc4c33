import type * as services from '../dist/harness/services/http/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/services/http/index.js' with { 'resolution-mode': 'import' }
export declare const http: typeof services.http
