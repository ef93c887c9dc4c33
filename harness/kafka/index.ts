/**
 * The door of the simulated cluster: other folders import this file, and tests and tools
 * `probe/index.ts` as well.
 */
export { type Acl, DENY, parseAcls } from './access/acl.ts'
export * from './client/index.ts'
export * from './cluster.interface.ts'
export { createCluster } from './cluster.ts'
export { isRequestOf } from './request-info.ts'
export { PARTITIONS_MAX } from './requests/create-topics.ts'
export { allServed, handlerOf, servedVersions } from './requests/index.ts'
export { isLegalTopicName } from './requests/topic-names.ts'
export { SETTINGS_DEFAULT, settingFromText } from './settings.ts'
export { hashMapBucket, hashPartition, inHashMapOrder } from './state-log/java-hash.ts'
export { RELEASES, type Release } from './versions/releases.ts'
export * from './wire/index.ts'
