import { definitionOf } from '../harness/core/fault.ts'
import type { EventOf, History } from '../harness/core/history.ts'
import type { MeasurePoint, MeasureSeries, SeriesFault } from '../harness/core/measure-series.ts'
import type { Setting } from '../harness/core/property.ts'
import { MEASURES } from '../harness/core/verdict.ts'
import { Views } from './views/views.ts'

interface TracedLine {
  readonly of: string
  readonly points: MeasurePoint[]
}

/** Each measure over the virtual time of a run; none where the scenario asks for no measures. */
export function measureSeries({ events }: History, setting: Setting): readonly MeasureSeries[] {
  const views = new Views(setting)
  const { measures } = views
  if (measures === null) return []
  const lines = new Map(MEASURES.map((measure) => [measure, new Map<string, TracedLine>()]))
  measures.trace(({ measure, of, timeUs, value }) => {
    const ofMeasure = lines.get(measure)
    const line = ofMeasure?.get(of.key) ?? { of: of.name, points: [] }
    ofMeasure?.set(of.key, line)
    addPoint(line.points, [timeUs / 1000, value])
  })
  for (const event of events) views.observe(event)
  const faults = faultsOf(events.filter((event) => event.kind === 'fault'))
  return MEASURES.map((measure) => ({
    measure,
    highest: measures.measured[measure],
    limit: setting.measures?.[measure] ?? null,
    lines: [...(lines.get(measure)?.values() ?? [])].filter(({ points }) =>
      points.some(([, value]) => value > 0),
    ),
    faults,
  }))
}

/** Nothing has changed since the last point: no second one. */
function addPoint(points: MeasurePoint[], point: MeasurePoint): void {
  const last = points.at(-1)
  if (last !== undefined && last[0] === point[0] && last[1] === point[1]) return
  points.push(point)
}

function faultsOf(events: readonly EventOf<'fault'>[]): SeriesFault[] {
  const ends = new Map(
    events.filter(({ phase }) => phase === 'ends').map(({ index, timeUs }) => [index, timeUs / 1000]),
  )
  return events
    .filter(({ phase }) => phase === 'begins')
    .map(({ index, fault, timeUs }) => ({
      fault: definitionOf(fault.kind).words(fault),
      beginsMs: timeUs / 1000,
      endsMs: ends.get(index) ?? null,
    }))
}
