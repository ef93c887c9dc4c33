import { KafkaException } from '../errors.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import {
  flag,
  type GivenSettings,
  readSettings,
  type SettingOf,
  type SettingsOf,
  text,
  whole,
} from './setting.ts'

const PRODUCER_SETTINGS = {
  ...CLIENT_SETTINGS,
  acks: acks(),
  'batch.size': whole(16_384),
  'enable.idempotence': flag(true),
  'transactional.id': text(null),
  'transaction.timeout.ms': whole(60_000, 1),
  'delivery.timeout.ms': whole(120_000, 1),
  'max.block.ms': whole(60_000),
} as const

export type ProducerSettings = SettingsOf<typeof PRODUCER_SETTINGS>
/** A producer's settings by their Kafka names; what is left out has Kafka's default. */
export type GivenProducerSettings = GivenSettings<typeof PRODUCER_SETTINGS>

/** @throws KafkaException `ConfigException`, with one sentence */
export function producerSettings(given: GivenProducerSettings): ProducerSettings {
  const settings = readSettings(PRODUCER_SETTINGS, given, 'producer')
  const wrong = (message: string): KafkaException => new KafkaException('ConfigException', message)
  if (settings['bootstrap.servers'].length === 0)
    throw wrong("'bootstrap.servers' is missing; give the addresses of brokers, as in 'localhost:9092'")
  if (settings['transactional.id'] !== null && given['enable.idempotence'] === false)
    throw wrong("'transactional.id' needs 'enable.idempotence'; leave one of them away")
  if (settings.acks === -1) return settings
  // As in Java: idempotence that nobody asked for gives way to acks.
  if (settings['transactional.id'] !== null || given['enable.idempotence'] === true)
    throw wrong(`idempotence needs acks=all, not ${settings.acks}`)
  return { ...settings, 'enable.idempotence': false }
}

function acks(): SettingOf<number> {
  return {
    fallback: -1,
    read(value) {
      const number = value === 'all' ? -1 : Number(value)
      return [-1, 0, 1].includes(number) ? { value: number } : { must: 'all, 1 or 0' }
    },
  }
}
