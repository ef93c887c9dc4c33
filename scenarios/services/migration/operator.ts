import { setTimeout as sleep } from 'node:timers/promises'
import type { AppContext } from 'onceover'
import { clientOf, enter, GROUP, phaseOf, type Sync, syncsOf, TOPIC } from './moving.ts'

const BEGINS_AFTER_MS = 6_400
/** kafkajs's `setOffsets` never settles where its commit is refused: a new process begins again. */
const WITHIN_MS = 120_000

/**
 * Moves the group: its consumers stop, its offset is translated, and they go on in the other
 * cluster.
 */
export async function move(
  context: AppContext,
  translate: (committed: number, syncs: readonly Sync[]) => number,
): Promise<void> {
  const { store } = context
  await sleep(BEGINS_AFTER_MS)
  if ((await phaseOf(store)) === 'b') return
  const late = setTimeout(() => process.exit(1), WITHIN_MS)
  await enter(store, 'moving')
  const [from, to] = [clientOf(context, 'a').admin(), clientOf(context, 'b').admin()]
  await from.connect()
  await to.connect()
  for (;;) {
    const { groups } = await from.describeGroups([GROUP])
    if (groups.every(({ members }) => members.length === 0)) break
    await sleep(1_000)
  }
  const [offsets] = await from.fetchOffsets({ groupId: GROUP, topics: [TOPIC] })
  const committed = Math.max(0, Number(offsets?.partitions[0]?.offset ?? 0))
  const offset = String(translate(committed, await syncsOf(store, committed)))
  await to.setOffsets({ groupId: GROUP, topic: TOPIC, partitions: [{ partition: 0, offset }] })
  await enter(store, 'b')
  clearTimeout(late)
  await from.disconnect()
  await to.disconnect()
}
