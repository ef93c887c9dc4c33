import type { AppContext } from 'onceover'
import { always, sometimes } from 'onceover/assert'
import { consumeOrders, IN_STOCK } from './consumer.ts'

/** Looks and takes in one transaction: who was second is told so, and tries again. */
export default (context: AppContext): Promise<void> =>
  consumeOrders(context, async (order) => {
    const { store, effects } = context
    const reserved = await store.transaction(async (tx) => {
      const left = Number((await tx.get('stock', 'tea')) ?? IN_STOCK)
      sometimes(left === 0, 'the stock runs out')
      if (left === 0) return false
      always(left > 0, 'the stock is never below zero', { left })
      await tx.put('stock', 'tea', left - 1)
      tx.effect(order, 'reserved')
      return true
    })
    if (!reserved) effects.skip(order, 'sold out')
  })
