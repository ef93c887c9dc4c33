// The event publisher, with pauseOnError.
import { createRequire } from 'node:module'
import path from 'node:path'
import { ConfigReader } from '@backstage/config'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

const require = createRequire(import.meta.url)
const root = path.dirname(require.resolve('@backstage/plugin-events-backend-module-kafka/package.json'))
const { KafkaConsumingEventPublisher } = require(
  path.join(root, 'dist/KafkaConsumingEventPublisher/KafkaConsumingEventPublisher.cjs.js'),
)
const silent = { info() {}, warn() {}, error() {}, debug() {}, child: () => silent }

export default async function main(context: AppContext): Promise<void> {
  const reads = {
    groupId: 'backstage',
    topics: ['entities'],
    fromBeginning: true,
    autoCommit: false,
    pauseOnError: true,
  }
  const dev = {
    clientId: context.instance,
    brokers: [...context.brokers],
    topics: [{ topic: 'catalog', kafka: reads }],
  }
  const config = new ConfigReader({
    events: { modules: { kafka: { kafkaConsumingEventPublisher: { dev } } } },
  })
  const events = {
    // The bus does not tell its subscribers which record an event comes from: no effect can be reported.
    async publish() {
      await new Promise((resolve) => setTimeout(resolve, 50))
    },
    async subscribe() {},
  }
  const [publisher] = KafkaConsumingEventPublisher.fromConfig({ config, events, logger: silent })
  endOnSigterm(() => publisher.shutdown())
  await publisher.start()
}
