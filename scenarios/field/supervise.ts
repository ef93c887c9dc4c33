import type { Consumer } from 'kafkajs'
import { endUnlessItRejoins } from '../service.ts'

/**
 * The frame around these consumers: the process ends when its consumer has given up or gets no
 * partitions again, and in order on SIGTERM.
 */
export function supervise(consumer: Consumer): void {
  endWhenGivenUp(consumer)
  process.once('SIGTERM', () => {
    consumer.disconnect().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}

export function endWhenGivenUp(consumer: Consumer): void {
  const end = (): never => process.exit(1)
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) end()
  })
  endUnlessItRejoins(consumer, end)
}
