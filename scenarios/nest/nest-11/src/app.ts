import 'reflect-metadata'
import { DynamicModule, Module, Type } from '@nestjs/common'
import { APP_FILTER, NestFactory } from '@nestjs/core'
import { KafkaStatus, MicroserviceOptions, Transport } from '@nestjs/microservices'
import { EFFECTS, Ledger } from '@orders/ledger'
import { OrdersController } from '@orders/orders.controller'
import { OrdersService } from '@orders/orders.service'
import type { AppContext, Effects } from 'onceover'

@Module({})
class AppModule {
  static with(effects: Effects, filters: readonly Type[]): DynamicModule {
    const providers = [
      { provide: EFFECTS, useValue: effects },
      Ledger,
      OrdersService,
      ...filters.map((useClass) => ({ provide: APP_FILTER, useClass })),
    ]
    return { module: AppModule, controllers: [OrdersController], providers }
  }
}

export async function start({ brokers, instance, effects }: AppContext, filters: readonly Type[]): Promise<void> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule.with(effects, filters), {
    transport: Transport.KAFKA,
    options: {
      client: { clientId: instance, brokers },
      consumer: { groupId: 'orders' },
      subscribe: { fromBeginning: true },
    },
  })
  app.enableShutdownHooks()
  // A consumer that gave up takes its process with it, and somebody starts that again.
  app.status.subscribe((status: unknown) => {
    if (status === KafkaStatus.CRASHED) process.exit(1)
  })
  await app.listen()
}
