import { writeSync } from 'node:fs'
import { Session } from 'node:inspector'
import { workerData } from 'node:worker_threads'

export interface WatchdogData {
  /** Counts up while the watched thread turns its event loop. */
  readonly beats: Int32Array
  readonly patienceMs: number
  /** Evaluated in the watched thread, in the middle of what it does there. */
  readonly expression: string
}

const LOOK_MS = 500
/** Without CPU time: it waits for something outside JavaScript. */
const WAITING_MAX_MS = 180_000
/** Long: on a busy machine it takes its time. */
const INTERRUPTED_MAX_MS = 60_000
const STDERR = 2
const { beats, patienceMs, expression } = workerData as WatchdogData

let seen = -1
let since = now()

setInterval(() => {
  const beat = Atomics.load(beats, 0)
  const { cpuMs, wallMs } = now()
  if (beat !== seen) {
    seen = beat
    since = { cpuMs, wallMs }
    return
  }
  const stuck = cpuMs - since.cpuMs > patienceMs && wallMs - since.wallMs > patienceMs
  if (stuck || wallMs - since.wallMs > WAITING_MAX_MS) interrupt()
}, LOOK_MS)

function now(): { readonly cpuMs: number; readonly wallMs: number } {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() }
}

let interrupted = false

/** An inspector's message is the one thing that reaches a thread in the middle of a loop. */
function interrupt(): void {
  if (interrupted) return
  interrupted = true
  const session = new Session()
  session.connectToMainThread()
  session.post('Runtime.evaluate', { expression })
  // The process waits for that before it ends.
  setTimeout(() => session.disconnect(), LOOK_MS)
  setTimeout(() => {
    writeSync(STDERR, '\nonceover: a simulated process loops and cannot be interrupted\n')
    process.kill(process.pid, 'SIGKILL')
  }, INTERRUPTED_MAX_MS)
}
