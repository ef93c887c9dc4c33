import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import { type MicroserviceOptions, Transport } from '@nestjs/microservices'
import { AppModule } from './app.module.js'

/** A hybrid app: HTTP with a health check, and a consumer. */
async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule)
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.KAFKA,
    options: {
      client: { clientId: process.env.HOSTNAME ?? 'orders', brokers: [process.env.KAFKA_BROKERS ?? 'localhost:9092'] },
      consumer: { groupId: 'orders' },
      subscribe: { fromBeginning: true },
    },
  })
  app.enableShutdownHooks()
  await app.startAllMicroservices()
  await app.listen(process.env.PORT ?? 3000)
}
await bootstrap()
