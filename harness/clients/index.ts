import type { ClientAdapter } from './client.interface.ts'
import { kafkajsAdapter } from './kafkajs/adapter.ts'
import { platformaticAdapter } from './platformatic/adapter.ts'
import { pollLoopAdapter } from './poll-loop/adapter.ts'

/** Every client library that runs in a simulation; to add one, add its adapter here. */
export const clientAdapters: readonly ClientAdapter[] = [kafkajsAdapter, platformaticAdapter, pollLoopAdapter]
