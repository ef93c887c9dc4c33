import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { ServedCluster } from '../serve.ts'

/** kafkajs as it is, but patient: these tests run on machines that are busy with something else. */
export function clientOf({ addresses }: ServedCluster, config: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({
    clientId: 'app',
    brokers: [...addresses],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 20_000,
    retry: { initialRetryTime: 20, retries: 10 },
    ...config,
  })
}
