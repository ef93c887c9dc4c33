import type { AppContext } from 'onceover'
import { move } from './operator.ts'

/** As far behind the last copy as in the other cluster, as if every record had been copied. */
export default async function operator(context: AppContext): Promise<void> {
  await move(context, (committed, syncs) => {
    const { upstream = -1, downstream = -1 } = syncs.at(-1) ?? {}
    return downstream + (committed - upstream)
  })
}
