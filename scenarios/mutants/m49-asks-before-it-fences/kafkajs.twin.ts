import { defineScenario, exactlyOnce } from 'onceover'
import { sleep } from '../../service.ts'
import { byPartition, INPUT, OUTPUT, startTransform } from '../../transform.ts'

const AGAIN_MS = 2_000

/**
 * Begins a transaction again that failed: waits, initialises its producer, and then asks how far
 * the group has come. Nobody else can change it any longer.
 */
export default defineScenario({
  name: 'M49 twin: click counter fences before it asks how far it is',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) =>
    startTransform(context, {
      transactionalId: byPartition,
      takeAgain: async ({ initialise, committed }) => {
        await sleep(AGAIN_MS)
        const producer = await initialise()
        return { producer, resumeAt: await committed() }
      },
    }),
})
