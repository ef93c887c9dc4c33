import type { HistoryEvent } from '../harness/core/history.ts'
import type { OutputLine } from '../harness/core/output.ts'
import { type Page, PLAIN_PAGE } from './paint.ts'
import { timelineText } from './timeline-text.ts'

const CLUSTER = 'cluster'
const TIME_WIDTH = 13
const GAP = 2
const LANE_MIN = 20

/**
 * A whole history as lanes: the virtual time, then one column for the cluster and one for each
 * process, with what the app printed behind a bar. On a page that is too narrow, texts are cut;
 * elsewhere every word is there. Ends without a newline.
 */
export function timeline(
  events: readonly HistoryEvent[],
  page: Page = PLAIN_PAGE,
  output: readonly OutputLine[] = [],
): string {
  const happened = events.map((event) => {
    const lane = 'process' in event && typeof event.process === 'string' ? event.process : CLUSTER
    return { timeUs: event.timeUs, lane, text: timelineText(event, lane) }
  })
  const printed = output.map(({ timeUs, process, text }) => ({ timeUs, lane: process, text: `│ ${text}` }))
  // A stable order: of one moment, what happened stands before what was printed.
  const cells = [...happened, ...printed].sort((a, b) => a.timeUs - b.timeUs)
  const processes = [...new Set(cells.map(({ lane }) => lane))].filter((lane) => lane !== CLUSTER)
  const lanes = [CLUSTER, ...processes.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))]
  const widths = new Map(lanes.map((lane) => [lane, lane.length]))
  for (const { lane, text } of cells) widths.set(lane, Math.max(widths.get(lane) ?? 0, text.length))
  const room = Math.floor((page.width - TIME_WIDTH) / lanes.length) - GAP
  const widthOf = (lane: string): number => Math.min(widths.get(lane) ?? 0, Math.max(LANE_MIN, room))
  const row = (time: string, textIn: (lane: string) => string): string => {
    const columns = lanes.map((lane) => cut(textIn(lane), widthOf(lane)).padEnd(widthOf(lane) + GAP))
    return `${time.padStart(TIME_WIDTH - GAP)}${' '.repeat(GAP)}${columns.join('')}`.trimEnd()
  }
  const head = row('virtual ms', (lane) => lane)
  const rows = cells.map(({ timeUs, lane, text }) =>
    row((timeUs / 1000).toFixed(3), (each) => (each === lane ? text : '')),
  )
  return [page.paint.bold(head), ...rows].join('\n')
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
