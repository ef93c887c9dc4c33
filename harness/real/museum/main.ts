/** `npm run museum`: see `HELP`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { wholeNumber } from '../../check/option-values.ts'
import { replayFile } from '../../check/replay.ts'
import { UsageError } from '../../core/errors.ts'
import { argumentsOf } from '../../fidelity/tool.ts'
import { chooseProvider } from '../providers/choose.ts'
import { RELEASE_DEFAULT } from '../settings.ts'
import { runCommand } from '../table/command.ts'
import { fillRows } from '../table/lanes.ts'
import { jobOf, readRows } from '../table/row.ts'
import { type Piece, pieces } from './pieces.ts'
import { README, store, withTable } from './seen.ts'

const HELP = `npm run museum -- [options] [TEXTS…]   replays the pieces whose name holds one of TEXTS, or all

  --on WHERE        simulation (default) or real
  --times N         tries of each on a real Kafka, those that are kept included (default 3)
  --rows DIR        where the tries are kept, and gone on with (default .onceover/museum)
  --again           tries them all again
  --provider NAME   docker, local, testcontainers or brokers=host:port (default: what can be had here)
  --kafka V         which Kafka (default ${RELEASE_DEFAULT})
  --lanes N         so many clusters side by side (default 1)
  --write           puts what came of them into scenarios/museum

Pieces of published packages need npm run packages before. Exit code 1 where one is not shown in the
simulation; what a real Kafka says changes no exit code.
`

await runCommand('museum', main)

/** @throws UsageError or ToolUsageError */
async function main(args: string[]): Promise<number> {
  const { values: options, positionals: texts } = argumentsOf({
    args,
    allowPositionals: true,
    options: {
      on: { type: 'string', default: 'simulation' },
      times: { type: 'string', default: '3' },
      rows: { type: 'string', default: '.onceover/museum' },
      again: { type: 'boolean', default: false },
      provider: { type: 'string' },
      kafka: { type: 'string', default: RELEASE_DEFAULT },
      lanes: { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) {
    say(HELP.trimEnd())
    return 0
  }
  const all = pieces()
  const named = all.filter(({ name }) => texts.length === 0 || texts.some((text) => name.includes(text)))
  if (named.length === 0)
    throw new UsageError(
      'missing-file',
      `no piece is named so; there are ${all.map(({ name }) => name).join(', ')}`,
    )
  const here = named.filter(({ missing }) => missing === null)
  for (const { name, missing } of named)
    if (missing !== null) say(`${name}: skipped, its package is not installed; type ${missing}`)
  if (options.on === 'simulation') return await simulated(here)
  if (options.on !== 'real')
    throw new UsageError('unknown-option', `--on takes simulation or real, not '${options.on}'`)
  await fillRows(
    here.map(({ file }) => jobOf(file)),
    {
      provider: await chooseProvider(options.provider),
      folder: options.rows,
      times: wholeNumber('--times', options.times),
      twinTimes: 0,
      release: options.kafka,
      again: options.again,
      ownSessions: false,
      lanes: wholeNumber('--lanes', options.lanes),
      say,
    },
  )
  if (options.write) write(all, options.rows)
  return 0
}

async function simulated(here: readonly Piece[]): Promise<number> {
  let missed = 0
  for (const { name, file, property } of here) {
    const { replay } = await replayFile(file)
    if (replay.finding === null) missed += 1
    say(`${name}: ${replay.finding === null ? `no longer shows ${property}` : replay.finding.message}`)
  }
  return missed === 0 ? 0 : 1
}

function write(all: readonly Piece[], folder: string): void {
  const rows = new Map(readRows(folder).map((row) => [row.name.replace('/replays/', '/'), row]))
  writeFileSync(README, withTable(readFileSync(README, 'utf8'), store(all, rows)))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
