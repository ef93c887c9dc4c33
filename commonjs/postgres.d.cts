import type * as services from '../dist/harness/services/postgres/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/services/postgres/index.js' with { 'resolution-mode': 'import' }
export declare const postgres: typeof services.postgres
