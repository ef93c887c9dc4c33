import { ordersScenario } from '../../poll-loop/orders.ts'

/** Ends the records in hand on SIGTERM, then commits and leaves. */
export default ordersScenario('C08 a hook that commits', { atEnd: (consumer) => consumer.commitSync() })
