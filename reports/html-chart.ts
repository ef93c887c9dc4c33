import type { MeasureLine, MeasureSeries, SeriesFault } from '../harness/core/measure-series.ts'
import { seconds } from '../harness/core/seconds.ts'
import { type Axis, axisOf } from './axis.ts'
import { count, listed, virtualTime, whole } from './figures.ts'
import { markup } from './markup.ts'

const WIDTH = 920
const HEIGHT = 190
const LEFT = 64
const RIGHT = WIDTH - 28
const TOP = 24
const BOTTOM = HEIGHT - 24
/** Lines that have a colour of their own; others are drawn, and are not named. */
const NAMED_MAX = 6
/** A limit that lies so many times above all that was measured would flatten the lines. */
const LIMIT_SHOWN = 3
/** Labels that are nearer than this are written as one. */
const LABEL_GAP = 22

interface Words {
  readonly title: string
  value(value: number): string
  /** Beside the axis. */
  tick(value: number): string
}

function duration(ms: number): string {
  return ms === 0 ? '0' : seconds(Math.round(ms))
}

const DURATION: Omit<Words, 'title'> = { value: duration, tick: duration }

const WORDS: Readonly<Record<MeasureSeries['measure'], Words>> = {
  lagMax: { title: 'Lag', value: (records) => count(records, 'record'), tick: whole },
  duplicatesMax: {
    title: 'Duplicates by one fault',
    value: (effects) => count(effects, 'duplicate'),
    tick: whole,
  },
  stoppedMsMax: { title: 'Without progress at a partition', ...DURATION },
  recoveryMsMax: { title: 'Recovery from a fault', ...DURATION },
}

/** Each measure as a line chart over virtual time, with its limit and the faults of the run. */
export function measureCharts(all: readonly MeasureSeries[]): string[] {
  return all.flatMap((series) =>
    series.highest === 0 ? [`<p>${markup(caption(series))}</p>`] : chart(series),
  )
}

function caption({ measure, highest, limit }: MeasureSeries): string {
  const { title, value } = WORDS[measure]
  const most = highest === 0 ? 'none' : `at most ${value(highest)}`
  if (limit === null) return `${title}: ${most}`
  return `${title}: ${most}, ${highest > limit ? 'more than' : 'within'} the limit of ${value(limit)}`
}

function chart(series: MeasureSeries): string[] {
  const { measure, highest, limit, faults } = series
  const { tick } = WORDS[measure]
  const shown = limit !== null && limit <= LIMIT_SHOWN * highest ? limit : null
  const lines = highestFirst(series.lines)
  const x = axisOf(lastMs(series), 8)
  const y = axisOf(Math.max(highest, shown ?? 0), 3)
  const at: ChartScale = {
    x: (ms) => round(LEFT + Math.min(1, ms / x.end) * (RIGHT - LEFT)),
    y: (value) => round(BOTTOM - (value / y.end) * (BOTTOM - TOP)),
  }
  return [
    '<figure>',
    `<figcaption>${markup(caption(series))}</figcaption>`,
    `<div class="wide"><svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${markup(caption(series))}">`,
    ...faults.map((fault) => faultMark(fault, at)),
    ...yAxis(y, at, tick),
    ...xAxis(x, at),
    ...(shown === null ? [] : limitLine(shown, at)),
    ...lines.map((line, index) => polyline(line, index, at)).reverse(),
    ...faultLabels(faults, at),
    '</svg></div>',
    ...legend(lines),
    ...(faults.length === 0 ? [] : [`<p class="soft">${markup(faultSentence(faults))}</p>`]),
    '</figure>',
  ]
}

interface ChartScale {
  x(ms: number): number
  y(value: number): number
}

/** The last moment at which something changes. */
function lastMs({ lines, faults }: MeasureSeries): number {
  const ofLines = lines.flatMap(({ points }) =>
    points.filter(([, value], index) => value > 0 || (points[index - 1]?.[1] ?? 0) > 0).map(([ms]) => ms),
  )
  const ofFaults = faults.flatMap(({ beginsMs, endsMs }) => [beginsMs, endsMs ?? beginsMs])
  return Math.max(1, ...ofLines, ...ofFaults)
}

function highestFirst(lines: readonly MeasureLine[]): readonly MeasureLine[] {
  const highest = ({ points }: MeasureLine): number => Math.max(...points.map(([, value]) => value))
  return lines.toSorted((a, b) => highest(b) - highest(a))
}

function polyline({ of, points }: MeasureLine, index: number, at: ChartScale): string {
  const path = points.map(([ms, value]) => `${at.x(ms)},${at.y(value)}`).join(' ')
  return `<polyline class="series ${lineClass(index)}" points="${path}"><title>${markup(of)}</title></polyline>`
}

function lineClass(index: number): string {
  return index < NAMED_MAX ? `s${index}` : 'rest'
}

function yAxis(axis: Axis, at: ChartScale, words: (value: number) => string): string[] {
  return axis.ticks.flatMap((value) => [
    `<line class="rule" x1="${LEFT}" y1="${at.y(value)}" x2="${RIGHT}" y2="${at.y(value)}"/>`,
    `<text class="time" x="${LEFT - 8}" y="${at.y(value) + 4}" text-anchor="end">${words(value)}</text>`,
  ])
}

function xAxis(axis: Axis, at: ChartScale): string[] {
  return axis.ticks.map(
    (ms) =>
      `<text class="time" x="${at.x(ms)}" y="${BOTTOM + 18}" text-anchor="middle">${duration(ms)}</text>`,
  )
}

function limitLine(limit: number, at: ChartScale): string[] {
  const y = at.y(limit)
  return [
    `<line class="limit" x1="${LEFT}" y1="${y}" x2="${RIGHT}" y2="${y}"/>`,
    `<text class="limit" x="${RIGHT - 4}" y="${y - 5}" text-anchor="end">limit</text>`,
  ]
}

/** A band for one that lasted, a line for one that acted at once. */
function faultMark({ beginsMs, endsMs }: SeriesFault, at: ChartScale): string {
  const x = at.x(beginsMs)
  if (endsMs === null) return `<line class="fault" x1="${x}" y1="${TOP}" x2="${x}" y2="${BOTTOM}"/>`
  const width = Math.max(2, round(at.x(endsMs) - x))
  return `<rect class="fault" x="${x}" y="${TOP}" width="${width}" height="${BOTTOM - TOP}"/>`
}

function faultLabels(faults: readonly SeriesFault[], at: ChartScale): string[] {
  const labels: { readonly x: number; readonly numbers: number[] }[] = []
  faults.forEach(({ beginsMs }, index) => {
    const x = at.x(beginsMs)
    const last = labels.at(-1)
    if (last !== undefined && x - last.x < LABEL_GAP) last.numbers.push(index + 1)
    else labels.push({ x, numbers: [index + 1] })
  })
  return labels.map(
    ({ x, numbers }) =>
      `<text class="strike" x="${x - 5}" y="${TOP - 8}">⚡${numbers.length > 2 ? `${numbers[0]}–${numbers.at(-1)}` : numbers.join(', ')}</text>`,
  )
}

function legend(lines: readonly MeasureLine[]): string[] {
  const entries = lines
    .slice(0, NAMED_MAX)
    .map(
      ({ of }, index) =>
        `<li><svg width="28" height="10" aria-hidden="true"><line class="series ${lineClass(index)}" x1="0" y1="5" x2="28" y2="5"/></svg> ${markup(of)}</li>`,
    )
  const more = lines.length - NAMED_MAX
  return [
    '<ul class="legend">',
    ...entries,
    ...(more > 0 ? [`<li class="soft">and ${count(more, 'lower line')}</li>`] : []),
    '</ul>',
  ]
}

function faultSentence(faults: readonly SeriesFault[]): string {
  const words = faults.map(
    ({ fault, beginsMs, endsMs }, index) =>
      `⚡${index + 1} ${fault}, ${endsMs === null ? `at ${virtualTime(beginsMs * 1000)}` : `from ${virtualTime(beginsMs * 1000)} to ${virtualTime(endsMs * 1000)}`}`,
  )
  return `Faults: ${listed(words)}.`
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
