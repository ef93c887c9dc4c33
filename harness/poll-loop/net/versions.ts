import { APIS, type ApiName } from '../../kafka/index.ts'
import { KafkaException } from '../errors.ts'

/**
 * The highest version of each request that this client writes. Fetch stays below topic ids (13),
 * Produce, TxnOffsetCommit and EndTxn below the second version of transactions (KIP-890).
 */
const VERSION_MAX: Partial<Record<ApiName, number>> = {
  AddOffsetsToTxn: 3,
  AddPartitionsToTxn: 3,
  ApiVersions: 3,
  ConsumerGroupHeartbeat: 1,
  EndTxn: 3,
  Fetch: 12,
  FindCoordinator: 4,
  Heartbeat: 4,
  InitProducerId: 4,
  JoinGroup: 9,
  LeaveGroup: 5,
  ListOffsets: 7,
  Metadata: 12,
  OffsetCommit: 9,
  OffsetFetch: 9,
  OffsetForLeaderEpoch: 4,
  Produce: 9,
  SyncGroup: 5,
  TxnOffsetCommit: 3,
}

export type BrokerVersions = ReadonlyMap<number, { readonly min: number; readonly max: number }>

/** The highest version that both sides know. */
export function versionFor(api: ApiName, versions: BrokerVersions): number {
  const { key, min } = APIS[api]
  const served = versions.get(key)
  const max = Math.min(VERSION_MAX[api] ?? -1, served?.max ?? -1)
  if (served === undefined || max < Math.max(min, served.min))
    throw new KafkaException('UnsupportedVersionException', `the broker does not serve ${api}`)
  return max
}
