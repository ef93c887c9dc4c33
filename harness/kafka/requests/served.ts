import type { Served } from './handler.ts'

/** Every request that these brokers serve, by key; filled by `index.ts`, read by ApiVersions. */
export const SERVED: Map<number, Served> = new Map()
