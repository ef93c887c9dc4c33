import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs'
import { NodeSDK, tracing } from '@opentelemetry/sdk-node'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default async (context: AppContext) => {
  const sdk = new NodeSDK({
    spanProcessors: [new tracing.SimpleSpanProcessor(new tracing.InMemorySpanExporter())],
    instrumentations: [new KafkaJsInstrumentation()],
  })
  sdk.start()
  await consume(context, (payload) => effectOf(context, payload))
}
