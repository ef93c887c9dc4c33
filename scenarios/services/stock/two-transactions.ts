import { setTimeout } from 'node:timers/promises'
import type { AppContext } from 'onceover'
import { always, sometimes } from 'onceover/assert'
import { consumeOrders, IN_STOCK } from './consumer.ts'

/** How long it takes to print the label. */
const LABEL_MS = 20

/** Looks how many are left, and then takes one: another process may have done so in between. */
export default (context: AppContext): Promise<void> =>
  consumeOrders(context, async (order) => {
    const { store, effects } = context
    const left = await store.transaction((tx) => tx.get('stock', 'tea'))
    sometimes(left === 0, 'the stock runs out')
    if (left === 0) return effects.skip(order, 'sold out')
    await setTimeout(LABEL_MS)
    await store.transaction(async (tx) => {
      const now = Number((await tx.get('stock', 'tea')) ?? IN_STOCK) - 1
      always(now >= 0, 'the stock is never below zero', { now })
      await tx.put('stock', 'tea', now)
      tx.effect(order, 'reserved')
    })
  })
