import { defineScenario, exactlyOnce } from 'onceover'
import { INPUT, OUTPUT, startTransform } from '../../transform.ts'

/**
 * Each start of a process has a transactional id of its own: nobody fences the one that was frozen
 * in a transaction.
 */
export default defineScenario({
  name: 'M24 click counter with a transactional id for each process',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) =>
    startTransform(context, { transactionalId: ({ partition }) => `${context.instance}-${partition}` }),
})
