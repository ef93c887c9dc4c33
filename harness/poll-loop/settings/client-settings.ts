import type { BrokerNode } from '../net/network.interface.ts'
import { list, text, whole } from './setting.ts'

/** Settings of both consumers and producers, with the defaults of Kafka 4.1. */
export const CLIENT_SETTINGS = {
  'bootstrap.servers': list<BrokerNode>([], "a list of addresses such as 'localhost:9092'", address),
  'client.id': text(null),
  'request.timeout.ms': whole(30_000),
  'retry.backoff.ms': whole(100),
  'retry.backoff.max.ms': whole(1_000),
  'reconnect.backoff.ms': whole(50),
  'reconnect.backoff.max.ms': whole(1_000),
  'metadata.max.age.ms': whole(300_000),
} as const

/** Brokers of the bootstrap list have no id yet: Java numbers them from −1 down. */
function address(value: string): BrokerNode | null {
  const match = /^(?:[A-Z_]+:\/\/)?\[?([^\]]+?)\]?:(\d+)$/.exec(value)
  return match === null ? null : { id: -1, host: match[1] as string, port: Number(match[2]) }
}
