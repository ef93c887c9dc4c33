/**
 * `npm run real:table`: every counterexample that is named, on a real Kafka, and its correct twin
 * under the same schedule. The tries of each are kept, so that a run that was interrupted goes on.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { wholeNumber } from '../../check/option-values.ts'
import { UsageError } from '../../core/errors.ts'
import { argumentsOf } from '../../fidelity/tool.ts'
import { chooseProvider } from '../providers/choose.ts'
import { RELEASE_DEFAULT } from '../settings.ts'
import { runCommand } from './command.ts'
import { documentOf, withLinesOf } from './document.ts'
import { kindJobs } from './kinds.ts'
import { fillRows } from './lanes.ts'
import { jobOf, readRows } from './row.ts'

const HELP = `npm run real:table -- [options] FILES…   counterexamples on a real Kafka, and their correct twins

  --rows DIR        where the tries are kept, and gone on with (default .onceover/confirmed)
  --times N         tries of each counterexample, those that are kept included (default 10)
  --twin-times N    tries of each twin under the same schedule (default 3)
  --again           tries them all again; of those before, the count is kept
  --own-sessions    sessions last as long as the clients ask, and are not shortened
  --kinds           FILES are kinds of faults (none: all of them), each done to a service for which it shows
  --provider NAME   docker, local, testcontainers or brokers=host:port (default: what can be had here)
  --kafka V         which Kafka (default ${RELEASE_DEFAULT})
  --lanes N         so many clusters side by side (default 1)
  --out FILE        writes the table of all that is kept into FILE, below its mark; needs no FILES
  --into FILE       writes the lines of kinds that are kept over their like in FILE, and leaves the rest as it is
`
/** All below it is generated. */
const MARK = '<!-- written by npm run real:table -->'

await runCommand('real:table', main)

/** @throws UsageError or ToolUsageError */
async function main(args: string[]): Promise<number> {
  const { values: options, positionals: files } = argumentsOf({
    args,
    allowPositionals: true,
    options: {
      rows: { type: 'string', default: '.onceover/confirmed' },
      times: { type: 'string', default: '10' },
      'twin-times': { type: 'string', default: '3' },
      lanes: { type: 'string', default: '1' },
      again: { type: 'boolean', default: false },
      'own-sessions': { type: 'boolean', default: false },
      kinds: { type: 'boolean', default: false },
      provider: { type: 'string' },
      kafka: { type: 'string', default: RELEASE_DEFAULT },
      out: { type: 'string' },
      into: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const { rows, out, into, kinds } = options
  if (files.length === 0 && !kinds && out === undefined && into === undefined)
    throw new UsageError('missing-file', 'no counterexample is named; type npm run real:table -- --help')
  const waiting = kinds ? kindJobs(files) : files.map(jobOf)
  if (waiting.length > 0)
    await fillRows(waiting, {
      provider: await chooseProvider(options.provider),
      folder: rows,
      times: wholeNumber('--times', options.times),
      twinTimes: wholeNumber('--twin-times', options['twin-times']),
      release: options.kafka,
      again: options.again,
      ownSessions: options['own-sessions'],
      lanes: wholeNumber('--lanes', options.lanes),
      say: (line) => process.stdout.write(`${line}\n`),
    })
  if (out !== undefined) write(out, rows)
  if (into !== undefined) writeFileSync(into, withLinesOf(readFileSync(into, 'utf8'), readRows(rows)))
  return 0
}

/** Text above the table is for people to write. */
function write(file: string, folder: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [introduction = ''] = before.split(MARK)
  writeFileSync(file, `${introduction}${MARK}\n\n${documentOf(readRows(folder))}`)
}
