import { defineScenario, exactlyOnce } from 'onceover'
import { sleep } from '../../service.ts'
import { byPartition, INPUT, OUTPUT, startTransform } from '../../transform.ts'

const AGAIN_MS = 2_000

/**
 * Begins a transaction again that failed: asks how far the group has come, waits, and initialises
 * its producer. A new owner of the partition has done the record meanwhile, and is fenced by it.
 */
export default defineScenario({
  name: 'M49 click counter asks how far it is before it fences',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) =>
    startTransform(context, {
      transactionalId: byPartition,
      takeAgain: async ({ initialise, committed }) => {
        const resumeAt = await committed()
        await sleep(AGAIN_MS)
        return { producer: await initialise(), resumeAt }
      },
    }),
})
