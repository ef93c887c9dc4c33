// The server as `app.connectMicroservice({ transport: Transport.KAFKA })` makes it, with one handler.
import { ServerKafka } from '@nestjs/microservices'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const server = new ServerKafka({
    client: { brokers: [...context.brokers], clientId: context.instance, logLevel: 0 },
    consumer: { groupId: 'orders' },
    subscribe: { fromBeginning: true },
  })
  server.addHandler('orders', async () => context.effects.record(), true)
  endOnSigterm(() => server.close())
  await new Promise<void>((resolve) => server.listen(() => resolve()))
}
