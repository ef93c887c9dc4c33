import type { WantedCluster } from './provider.interface.ts'

/** Settings of the simulated cluster that no real broker knows begin with this. */
const OURS = 'onceover.'

/**
 * The settings that every cluster of our own is started with, by Kafka's names; the scenario's own
 * settings come last.
 */
export function clusterSettings({
  brokers,
  settings,
}: WantedCluster): Record<string, string | number | boolean> {
  const acls = settings['onceover.acls']
  return {
    // As a simulated cluster, and Kafka unless it is told otherwise.
    'auto.create.topics.enable': true,
    'default.replication.factor': brokers,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': brokers,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': brokers,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': brokers,
    'share.coordinator.state.topic.min.isr': 1,
    // So that `--hurry` may ask for shorter sessions.
    'group.min.session.timeout.ms': 1_000,
    ...(brokers > 1 ? { 'broker.heartbeat.interval.ms': 500 } : {}),
    ...(acls === undefined || acls === '' ? {} : AUTHORIZER),
    ...Object.fromEntries(Object.entries(settings).filter(([name]) => !name.startsWith(OURS))),
  }
}

/**
 * Every connection is `User:ANONYMOUS`, the brokers' and the harness's own included: it is granted
 * all that is not forbidden.
 */
const AUTHORIZER = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': true,
}
