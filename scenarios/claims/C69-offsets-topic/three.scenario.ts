import { ordersScenario } from '../../poll-loop/orders.ts'
import { records } from './records.ts'

/** Three brokers have the orders, and three have the group's offsets. */
export default ordersScenario('C69 offsets with three replicas', {
  records,
  brokers: 3,
  broker: { 'default.replication.factor': 3, 'offsets.topic.replication.factor': 3 },
})
