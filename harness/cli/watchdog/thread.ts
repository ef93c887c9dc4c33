import { writeSync } from 'node:fs'
import { Session } from 'node:inspector'
import { workerData } from 'node:worker_threads'
import { type Beats, type Look, Pulse } from '../../check/heartbeat.ts'

export interface WatchdogData {
  /** Those of the watched thread. */
  readonly beats: Beats
  /** Counts up where the watched thread says that it may go on. */
  readonly allowed: Beats
  readonly patienceMs: number
  /** How long the watched thread may take to say anything before it is killed. */
  readonly answerMsMax: number
  /**
   * A function of the watched thread, as text: called there with the CPU time and the wall time
   * since the last beat, in the middle of what it does.
   */
  readonly call: string
}

const LOOK_MS = 500
/** A look that comes later has heard nothing in between: the process was suspended. */
const LATE_MS = 2_000
/** Without CPU time: it waits for something outside JavaScript. */
const WAITING_MAX_MS = 180_000
const STDERR = 2
const { beats, allowed, patienceMs, answerMsMax, call } = workerData as WatchdogData

const pulse = new Pulse(beats, LATE_MS, now())
/** Grows while the watched thread says that it may go on. */
let patientMs = patienceMs
/** Runs while the watched thread has been asked and has said nothing. */
let killing: NodeJS.Timeout | null = null

setInterval(() => {
  const { cpuMs, wallMs } = pulse.silentAt(now())
  if (cpuMs === 0) patientMs = patienceMs
  if (Atomics.exchange(allowed, 0, 0) > 0) goOn()
  const stuck = cpuMs > patientMs && wallMs > patientMs
  if (killing === null && (stuck || wallMs > WAITING_MAX_MS)) interrupt({ cpuMs, wallMs })
}, LOOK_MS)

function now(): Look {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() }
}

function goOn(): void {
  patientMs += patienceMs
  if (killing !== null) clearTimeout(killing)
  killing = null
}

/**
 * An inspector's message is the one thing that reaches a thread in the middle of a loop. It reaches
 * none in the middle of native code, and its callback is no answer: it is called where the session
 * ends, too.
 */
function interrupt({ cpuMs, wallMs }: Look): void {
  killing = setTimeout(() => {
    try {
      writeSync(STDERR, '\nonceover: a simulated process loops and cannot be interrupted\n')
    } finally {
      process.kill(process.pid, 'SIGKILL')
    }
  }, answerMsMax)
  const session = new Session()
  session.connectToMainThread()
  session.post('Runtime.evaluate', { expression: `${call}(${cpuMs}, ${wallMs})` })
  // The process waits for that before it ends.
  setTimeout(() => session.disconnect(), LOOK_MS)
}
