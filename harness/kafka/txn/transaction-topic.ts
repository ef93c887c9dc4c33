import { type StateLogHost, StateTopic, type StateTopicOptions } from '../state-log/state-topic.ts'
import { STATE_RULES, STATE_TOPIC, type StateEntry } from './state-entries.ts'
import { REQUEST_TIMEOUT_MS } from './transaction.ts'

/** The log of all transaction coordinators, as the settings of the brokers want it. */
export function newTransactionTopic(
  host: StateLogHost,
  told: Pick<StateTopicOptions<StateEntry>, 'moved' | 'deposed' | 'heard'>,
): StateTopic<StateEntry> {
  const { settings } = host
  return new StateTopic({
    host,
    name: STATE_TOPIC,
    count: settings['transaction.state.log.num.partitions'],
    factor: settings['transaction.state.log.replication.factor'] || settings['default.replication.factor'],
    inSyncMin: settings['transaction.state.log.min.isr'],
    appendTimeoutMs: REQUEST_TIMEOUT_MS,
    rules: STATE_RULES,
    mayElectUnclean: false,
    configs: { 'min.insync.replicas': String(settings['transaction.state.log.min.isr']) },
    ...told,
  })
}
