import { measureSeries } from '../../properties/index.ts'
import { RunStopped } from '../core/errors.ts'
import type { MeasureSeries } from '../core/measure-series.ts'
import type { Coverage, ScenarioResult } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import type { SearchOutcome } from '../search/search.ts'
import type { SearchSettings } from './settings.ts'

export interface MeasuredSearch {
  readonly prepared: Pick<PreparedScenario, 'run' | 'setting'>
  readonly options: Pick<SearchSettings, 'signal'>
  readonly outcome: Pick<SearchOutcome, 'coverage' | 'highestIn' | 'interrupted'>
}

/**
 * The coverage with each measure over the run in which it was highest. These schedules are run once
 * more: to keep the histories of all would take more memory than there is. A search that Ctrl-C or
 * a time limit ended goes without, and what goes wrong here is a remark: the verdict stands.
 */
export async function withSeries({
  prepared,
  options,
  outcome,
}: MeasuredSearch): Promise<Pick<ScenarioResult, 'remarks'> & { readonly coverage: Coverage }> {
  const { coverage, highestIn, interrupted } = outcome
  const known = new Map<Schedule, readonly MeasureSeries[]>()
  const remarks = new Set<string>()
  const stop = (): boolean => interrupted || options.signal?.aborted === true
  for (const schedule of new Set(highestIn.values())) {
    if (stop()) break
    try {
      const { history } = await prepared.run(schedule, { stop })
      known.set(schedule, measureSeries(history, { ...prepared.setting, workload: schedule.workload }))
    } catch (error) {
      if (!(error instanceof RunStopped))
        remarks.add(`its measures are not drawn: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const series = [...highestIn].flatMap(
    ([name, schedule]) => known.get(schedule)?.filter(({ measure }) => measure === name) ?? [],
  )
  return { coverage: series.length === 0 ? coverage : { ...coverage, series }, remarks: [...remarks] }
}
