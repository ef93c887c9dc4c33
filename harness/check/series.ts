import { measureSeries } from '../../properties/index.ts'
import { RunStopped } from '../core/errors.ts'
import type { MeasureSeries } from '../core/measure-series.ts'
import type { Coverage } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import type { SearchedScenario } from './violated-result.ts'

/**
 * The coverage with each measure over the run in which it was highest. These schedules are run once
 * more: to keep the histories of all would take more memory than there is.
 */
export async function withSeries({ prepared, options, outcome }: SearchedScenario): Promise<Coverage> {
  const { coverage, highestIn } = outcome
  const byMeasure = [...highestIn]
  const known = new Map<Schedule, readonly MeasureSeries[]>()
  const stop = (): boolean => options.signal?.aborted === true
  for (const schedule of new Set(highestIn.values())) {
    try {
      const { history } = await prepared.run(schedule, { stop })
      known.set(schedule, measureSeries(history, { ...prepared.setting, workload: schedule.workload }))
    } catch (error) {
      // Ctrl-C: what was found is told without them.
      if (!(error instanceof RunStopped)) throw error
    }
  }
  const series = byMeasure.flatMap(
    ([name, schedule]) => known.get(schedule)?.filter(({ measure }) => measure === name) ?? [],
  )
  return series.length === 0 ? coverage : { ...coverage, series }
}
