import type { AppContext } from 'onceover'
import { move } from './operator.ts'

/** Behind the copy of the last record that is done: what comes after it may come twice. */
export default async function operator(context: AppContext): Promise<void> {
  await move(context, (_committed, syncs) => (syncs.at(-1)?.downstream ?? -1) + 1)
}
