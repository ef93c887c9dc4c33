// Consumer.serve and MessageRouter; CLIENT and COMMITS are of the scenario.
import { Effect, Layer, Logger } from 'effect'
import { Consumer, ConsumerRecord, MessageRouter } from 'effect-kafka'
import { KafkaJS } from 'effect-kafka/KafkaJS'
import { PlatformaticKafka } from 'effect-kafka/PlatformaticKafka'
import type { AppContext } from 'onceover'

export default async function main(context: AppContext): Promise<void> {
  const byHand = process.env['COMMITS'] === 'by hand'
  const handle = Effect.flatMap(ConsumerRecord.ConsumerRecord, ({ topic, partition, offset, commit }) => {
    const effect = Effect.promise(() => context.effects.record({ topic, partition, offset }))
    return byHand ? effect.pipe(Effect.andThen(commit())) : effect
  })
  const router = MessageRouter.empty.pipe(MessageRouter.subscribe('orders', handle))
  const options = byHand ? { autoCommit: false } : {}
  const client =
    process.env['CLIENT'] === 'kafkajs'
      ? KafkaJS.layer({ brokers: [...context.brokers], clientId: context.instance })
      : PlatformaticKafka.layer({ bootstrapBrokers: [...context.brokers], clientId: context.instance })
  const program = Layer.launch(
    Consumer.serve(router, { groupId: 'orders', fromBeginning: true, ...options }),
  ).pipe(Effect.provide(client), Effect.provide(Logger.remove(Logger.defaultLogger)))
  const end = new AbortController()
  process.once('SIGTERM', () => end.abort())
  Effect.runPromiseExit(program, { signal: end.signal }).then(() => process.exit(end.signal.aborted ? 0 : 1))
}
