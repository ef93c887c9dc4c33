import { pbkdf2Sync } from 'node:crypto'
import process from 'node:process'
import { startWatchdog } from '../watchdog/watchdog.ts'

/** A process under an impatient watchdog; see `watchdog.test.ts`. */
const [how = '', oursMs = ''] = process.argv.slice(2)
const answerMsMax = how === 'native' ? 1_500 : 60_000
startWatchdog({ patienceMs: 200, oursMs: Number(oursMs), answerMsMax })
// The watchdog's thread takes its time to start.
setTimeout(() => {
  if (how === 'native') native(Number.POSITIVE_INFINITY)
  else if (how === 'native, then ours') native(1_000)
  ours(1_500)
  process.stdout.write('went on')
  process.exit()
}, 1_000)

function ours(cpuMs: number): void {
  const startedMs = spentMs()
  while (spentMs() - startedMs < cpuMs);
}

/** One call of this takes as long as all that it does: nothing interrupts it. */
function native(cpuMs: number): void {
  const startedMs = spentMs()
  pbkdf2Sync('a', 'b', 100_000, 32, 'sha256')
  const iterations = Math.min(2 ** 31 - 1, (100_000 * cpuMs) / Math.max(1, spentMs() - startedMs))
  pbkdf2Sync('a', 'b', Math.floor(iterations), 32, 'sha256')
}

function spentMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
