// Its messaging service, in a CAP process without a server.
import { createRequire } from 'node:module'
import path from 'node:path'
import cds from '@sap/cds'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

const require = createRequire(import.meta.url)

export default async function main(context: AppContext): Promise<void> {
  cds.env.requires.messaging = {
    kind: 'kafka',
    impl: path.join(path.dirname(require.resolve('cds-kafka/package.json')), 'cds-plugin.js'),
    consumer: { groupId: 'orders' },
    credentials: { clientId: context.instance, brokers: [...context.brokers], logLevel: 0 },
    topics: { orders: { fromBeginning: true } },
  }
  cds.model = cds.linked({ definitions: {} })
  const messaging = await cds.connect.to('messaging')
  messaging.on('orders', async ({ headers }) => {
    const partition = headers['x-sap-cap-kafka-partition']
    await context.effects.record({ topic: 'orders', partition, offset: headers['x-sap-cap-kafka-offset'] })
  })
  endOnSigterm(() => messaging.consumer?.disconnect())
  await messaging.startListening()
}
