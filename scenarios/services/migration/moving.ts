import { Kafka, logLevel } from 'kafkajs'
import type { AppContext, Store } from 'onceover'

export const TOPIC = 'orders'
export const GROUP = 'billing'

export interface Order {
  readonly orderId: string
  readonly test: boolean
}

export function orderOf(value: Buffer | null): Order {
  return JSON.parse(String(value))
}

/** How far the move has come: who consumes where is decided by this alone. */
export type Phase = 'a' | 'moving' | 'b'

export async function phaseOf(store: Store): Promise<Phase> {
  return store.transaction(async (tx) => {
    const phase = await tx.get('move', 'phase')
    return phase === 'moving' || phase === 'b' ? phase : 'a'
  })
}

export async function enter(store: Store, phase: Phase): Promise<void> {
  await store.transaction((tx) => tx.put('move', 'phase', phase))
}

/** A copy: where the record was, and where it is now. */
export interface Sync {
  readonly upstream: number
  readonly downstream: number
}

/** The copies that the mirror has noted, in the order of their originals. */
export async function syncsOf(store: Store, until: number): Promise<readonly Sync[]> {
  return store.transaction(async (tx) => {
    const syncs: Sync[] = []
    for (let upstream = 0; upstream < until; upstream += 1) {
      const downstream = await tx.get('syncs', String(upstream))
      if (typeof downstream === 'number') syncs.push({ upstream, downstream })
    }
    return syncs
  })
}

export function clientOf(context: AppContext, cluster: 'a' | 'b'): Kafka {
  const { brokers = [] } = context.clusters[cluster] ?? {}
  return new Kafka({ clientId: context.instance, brokers, logLevel: logLevel.NOTHING })
}
