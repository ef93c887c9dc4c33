export type { BrokerAddress, ClusterAdmin, GroupView, RequestInfo } from '../kafka/index.ts'
export type { PlacedFault, ServeFault } from './faults.ts'
export { type ServedCluster, type ServeOptions, serve } from './serve.ts'
