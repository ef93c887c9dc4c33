/**
 * `npm run real:table -- --rows DIR [--times 10] [--twin-times 3] [--lanes 1] [--own-sessions]
 * [--again] [--out FILE]
 * FILES…`: every counterexample that is named, on a real Kafka, and its correct twin under the same
 * schedule. The tries of each are kept in DIR, so that a run that was interrupted goes on. `--out`
 * writes the table of all that is there, below a mark in the file; it needs no FILES. With
 * `--kinds`, FILES are kinds of faults (none: all of them), each of which is done to a service for
 * which it shows.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { confirmationWords } from '../../core/confirmation.ts'
import { chooseProvider } from '../providers/choose.ts'
import { KeptProvider } from '../providers/kept.ts'
import { TimedProvider } from '../providers/timed.ts'
import { RELEASE_DEFAULT } from '../settings.ts'
import { kindJobs } from '../testing/kinds.ts'
import { documentOf } from './document.ts'
import { fill, jobOf, readRows, type TableRow } from './row.ts'

const { values, positionals } = parseArgs({
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
  },
})
/** All below it is generated. */
const MARK = '<!-- written by npm run real:table -->'
const folder = values.rows
const waiting = values.kinds ? kindJobs(positionals) : positionals.map(jobOf)
const lanes = Math.min(Number(values.lanes), waiting.length)
await Promise.all(Array.from({ length: lanes }, lane))
if (values.out !== undefined) write(values.out)
process.exit(0)

/** Counterexamples one after the other, on a cluster of their own. */
async function lane(): Promise<void> {
  const timed = new TimedProvider(await chooseProvider(values.provider))
  const provider = new KeptProvider(timed)
  const options = {
    provider,
    takeStartsMs: () => timed.startsMs.splice(0),
    folder,
    times: Number(values.times),
    twinTimes: Number(values['twin-times']),
    release: values.kafka,
    again: values.again,
    ownSessions: values['own-sessions'],
  }
  try {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
      process.stdout.write(`${wordsOf(await fill(job, options))}\n`)
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

/** Text above the table is for people to write. */
function write(file: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [introduction = ''] = before.split(MARK)
  writeFileSync(file, `${introduction}${MARK}\n\n${documentOf(readRows(folder))}`)
}
