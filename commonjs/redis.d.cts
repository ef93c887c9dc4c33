import type * as services from '../dist/harness/services/redis/index.js' with { 'resolution-mode': 'import' }

export type * from '../dist/harness/services/redis/index.js' with { 'resolution-mode': 'import' }
export declare const redis: typeof services.redis
