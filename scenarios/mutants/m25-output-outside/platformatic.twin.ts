import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamTransform } from '../../platformatic/transform.ts'
import { INPUT, OUTPUT } from '../../transform.ts'

/** Outputs and offsets in one transaction, of the process's own id. */
export default defineScenario({
  name: 'M25 twin on @platformatic/kafka: click counter with one transaction for all',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) => startStreamTransform(context),
})
