import 'reflect-metadata'
import { Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Consumer, Kafka, Producer } from 'kafkajs'
import { type MicroserviceOptions, Transport } from '@nestjs/microservices'
import { TypeOrmModule } from '@nestjs/typeorm'
import { InboxMessage, Order } from './order.entity.js'
import { OrdersController } from './orders.controller.js'
import { OrdersService } from './orders.service.js'

/** A microservice that saves orders through TypeORM. */
export async function start(service: Type<OrdersService>): Promise<void> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, entities: [Order, InboxMessage] }),
      TypeOrmModule.forFeature([Order, InboxMessage]),
    ],
    controllers: [OrdersController],
    providers: [{ provide: OrdersService, useClass: service }],
  })
  class AppModule {}

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    logger: ['error'],
    transport: Transport.KAFKA,
    options: {
      client: { clientId: 'orders', brokers: [process.env.KAFKA_BROKERS ?? 'localhost:9092'] },
      consumer: { groupId: 'orders' },
      subscribe: { fromBeginning: true },
    },
  })
  app.enableShutdownHooks()
  await app.listen()
  // Nest's server lives on when its consumer has given up for good.
  const [, consumer] = app.unwrap<[Kafka, Consumer, Producer]>()
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
}
