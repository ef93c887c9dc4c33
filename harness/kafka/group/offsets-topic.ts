import { type StateLogHost, StateTopic, type StateTopicOptions } from '../state-log/state-topic.ts'
import { OFFSETS_RULES, type OffsetsEntry } from './offsets-entries.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/** The log of all group coordinators, as the settings of the brokers want it. */
export function newOffsetsTopic(
  host: StateLogHost,
  told: Pick<StateTopicOptions<OffsetsEntry>, 'moved' | 'deposed' | 'heard'>,
): StateTopic<OffsetsEntry> {
  const { settings } = host
  const factor = settings['offsets.topic.replication.factor']
  return new StateTopic({
    host,
    name: OFFSETS_TOPIC,
    count: settings['offsets.topic.num.partitions'],
    factor: factor || settings['default.replication.factor'],
    stays: factor === 1,
    inSyncMin: settings['min.insync.replicas'],
    appendTimeoutMs: settings['offsets.commit.timeout.ms'],
    rules: OFFSETS_RULES,
    mayElectUnclean: settings['unclean.leader.election.enable'],
    ...told,
  })
}
