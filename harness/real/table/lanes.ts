import { confirmationWords } from '../../core/confirmation.ts'
import { KeptProvider } from '../providers/kept.ts'
import type { Provider } from '../providers/provider.interface.ts'
import { TimedProvider } from '../providers/timed.ts'
import { fill, type RowOptions, type TableJob, type TableRow } from './row.ts'

export interface LanesOptions extends Omit<RowOptions, 'provider' | 'takeStartsMs'> {
  readonly provider: Provider
  /** So many clusters side by side. */
  readonly lanes: number
  /** One line a row that is filled. */
  say(line: string): void
}

/** Fills the row of each job. What has been tried before is on disk, and is not tried again. */
export async function fillRows(jobs: readonly TableJob[], options: LanesOptions): Promise<void> {
  const waiting = [...jobs]
  const lanes = Math.min(options.lanes, waiting.length)
  await Promise.all(Array.from({ length: lanes }, () => lane(waiting, options)))
}

/** Jobs one after the other, on a cluster of their own. */
async function lane(waiting: TableJob[], { provider: chosen, say, ...played }: LanesOptions): Promise<void> {
  const timed = new TimedProvider(chosen)
  const provider = new KeptProvider(timed)
  const options = { ...played, provider, takeStartsMs: () => timed.startsMs.splice(0) }
  try {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
      say(wordsOf(await fill(job, options)))
  } finally {
    await provider.close()
  }
}

function wordsOf({ name, mutant, twin, problem }: TableRow): string {
  const said = mutant === null ? 'not tried' : confirmationWords(mutant.confirmation)
  const accused =
    twin === null ? '' : `; twin accused ${twin.confirmation.reproduced} of ${twin.confirmation.of}`
  return `${name}: ${said}${accused}${problem === null ? '' : `; ${problem}`}`
}
