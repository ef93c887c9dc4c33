import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import { MicroserviceOptions, Transport } from '@nestjs/microservices'
import { AppModule } from './app.module'

async function bootstrap() {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.KAFKA,
    options: {
      client: { clientId: 'orders', brokers: [process.env.KAFKA_BROKERS ?? 'localhost:9092'] },
      consumer: { groupId: 'orders' },
      subscribe: { fromBeginning: true },
    },
  })
  app.enableShutdownHooks()
  await app.listen()
}
bootstrap()
