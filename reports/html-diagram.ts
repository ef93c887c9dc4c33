import type { Counterexample } from '../harness/core/counterexample.ts'
import type { StoryLine, StoryMark } from '../harness/core/story.ts'
import { virtualTime, wallTime } from './figures.ts'
import { lanesOf } from './lanes.ts'
import { markup } from './markup.ts'
import { wrap } from './wrap.ts'

const TIME_WIDTH = 124
const HEAD_HEIGHT = 34
const LINE_HEIGHT = 17
const ROW_GAP = 13
/** Pixels of a lane, and letters that fit into it: few lanes have more room each. */
const LANE_WIDE = { width: 420, columns: 54 }
const LANE_NARROW = { width: 290, columns: 36 }
/** Virtual time between two lines from which on the picture says how long nothing happened. */
const SILENCE_US = 1_000_000

interface DiagramRow {
  readonly line: StoryLine
  readonly number: number
  readonly texts: readonly string[]
  /** Vertical position of the row's dot. */
  readonly y: number
  /** Virtual time since the row before, where that is long. */
  readonly silence: { readonly us: number; readonly y: number } | null
}

/**
 * The story as lanes: time runs down, each process has its line, which breaks where it crashes or
 * freezes.
 */
export function laneDiagram(counterexample: Counterexample): string {
  const { story } = counterexample.explanation
  const lanes = lanesOf(counterexample)
  const lane = lanes.length <= 2 ? LANE_WIDE : LANE_NARROW
  const { rows, height } = layOut(story, lane.columns)
  const width = TIME_WIDTH + lanes.length * lane.width
  const x = (name: string): number => TIME_WIDTH + lanes.indexOf(name) * lane.width + 8
  return [
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The story, one lane a process">`,
    ...lanes.map((name) => `<text class="lane" x="${x(name) - 6}" y="18">${markup(name)}</text>`),
    ...lanes.flatMap((name) => lifeline(name, x(name), rows, height - 6)),
    ...rows.flatMap((row) => rowOf(row, row.line.lane === '' ? TIME_WIDTH : x(row.line.lane), width)),
    '</svg>',
  ].join('\n')
}

function layOut(
  story: readonly StoryLine[],
  columns: number,
): { rows: readonly DiagramRow[]; height: number } {
  const rows: DiagramRow[] = []
  let y = HEAD_HEIGHT
  story.forEach((line, index) => {
    const before = story[index - 1]
    const us = before === undefined ? 0 : line.timeUs - before.timeUs
    const silent = us >= SILENCE_US
    if (silent) y += LINE_HEIGHT + ROW_GAP
    const texts = wrap('', line.text, columns)
    const silence = silent ? { us, y: y - LINE_HEIGHT - 4 } : null
    rows.push({ line, number: index + 1, texts, y: y + LINE_HEIGHT / 2, silence })
    y += texts.length * LINE_HEIGHT + ROW_GAP
  })
  return { rows, height: y + 6 }
}

/**
 * In pieces: alive, dead between a crash and the next start, frozen between a pause and its end.
 */
function lifeline(lane: string, x: number, rows: readonly DiagramRow[], bottom: number): string[] {
  const pieces: string[] = []
  let from = HEAD_HEIGHT - 8
  let state = 'alive'
  const until = (y: number, next: string): void => {
    pieces.push(`<line class="${state}" x1="${x}" y1="${from}" x2="${x}" y2="${y}"/>`)
    from = y
    state = next
  }
  for (const [index, { line, y }] of rows.filter((row) => row.line.lane === lane).entries()) {
    // A lane whose process is started in the story begins there.
    if (index === 0 && line.mark === 'start') from = y
    const { mark } = line
    if (mark === 'crash' || mark === 'end') until(y, 'dead')
    else if (mark === 'freeze') until(y, 'frozen')
    else if (mark === 'start' || mark === 'resume') until(y, 'alive')
  }
  until(bottom, state)
  return pieces
}

function rowOf({ line, number, texts, y, silence }: DiagramRow, x: number, width: number): string[] {
  const { mark } = line
  const base = y + 4.5
  const spans = texts.map(
    (text, index) => `<tspan x="${x + 14}" dy="${index === 0 ? 0 : LINE_HEIGHT}">${markup(text)}</tspan>`,
  )
  const style = mark === 'crash' ? ' class="crash-text"' : line.lane === '' ? ` class="${mark}"` : ''
  const words = `<text${style} y="${base}">${spans.join('')}</text>`
  return [
    ...(silence === null
      ? []
      : [
          `<line class="rule" x1="0" y1="${silence.y - 4}" x2="${width}" y2="${silence.y - 4}"/>`,
          `<text class="time" x="0" y="${silence.y + 10}">${markup(`${wallTime(silence.us / 1000)} later`)}</text>`,
        ]),
    ...(mark === 'outcome'
      ? []
      : [`<text class="time" x="22" y="${base}" text-anchor="end">${number}.</text>`]),
    // A line without a lane has no moment of its own.
    ...(line.lane === ''
      ? []
      : [`<text class="time" x="100" y="${base}" text-anchor="end">${virtualTime(line.timeUs)}</text>`]),
    ...(line.fault === undefined ? [] : [`<text class="strike" x="104" y="${base}">⚡</text>`]),
    ...(line.lane === '' ? [] : shape(mark, x, y)),
    words,
  ]
}

function shape(mark: StoryMark, x: number, y: number): string[] {
  if (mark !== 'crash') return [`<circle class="dot ${mark}" cx="${x}" cy="${y}" r="5"/>`]
  return [
    `<line class="cross" x1="${x - 5}" y1="${y - 5}" x2="${x + 5}" y2="${y + 5}"/>`,
    `<line class="cross" x1="${x - 5}" y1="${y + 5}" x2="${x + 5}" y2="${y - 5}"/>`,
  ]
}
