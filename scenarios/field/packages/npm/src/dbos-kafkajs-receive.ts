// DBOS keeps its workflows in a PostgreSQL database.
import { DBOS } from '@dbos-inc/dbos-sdk'
import { KafkaReceiver } from '@dbos-inc/kafkajs-receive'
import type { AppContext } from 'onceover'

export default async function main(context: AppContext): Promise<void> {
  const receiver = new KafkaReceiver({ clientId: context.instance, brokers: [...context.brokers] })
  const handle = DBOS.registerWorkflow(
    async (topic, partition, message) => {
      await context.effects.record({ topic, partition, offset: message.offset })
    },
    { name: 'handle' },
  )
  receiver.registerConsumer(handle, 'orders', { config: { groupId: 'orders' } })
  DBOS.setConfig({ name: 'orders', systemDatabaseUrl: 'postgresql://postgres:x@db:5432/dbos' })
  await DBOS.launch()
}
