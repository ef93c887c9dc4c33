import { writeSync } from 'node:fs'
import { Session } from 'node:inspector'
import { workerData } from 'node:worker_threads'
import { type Beats, type Look, Pulse } from '../../check/heartbeat.ts'

export interface WatchdogData {
  /** Those of the watched thread. */
  readonly beats: Beats
  readonly patienceMs: number
  /**
   * A function of the watched thread, as text: called there with the CPU time since the last beat,
   * in the middle of what it does. It returns where that may go on.
   */
  readonly call: string
}

const LOOK_MS = 500
/** A look that comes later has heard nothing in between: the process was suspended. */
const LATE_MS = 2_000
/** Without CPU time: it waits for something outside JavaScript. */
const WAITING_MAX_MS = 180_000
/** Long: on a busy machine it takes its time. */
const INTERRUPTED_MAX_MS = 60_000
const STDERR = 2
const { beats, patienceMs, call } = workerData as WatchdogData

const pulse = new Pulse(beats, LATE_MS, now())
/** Grows while the watched thread says that it may go on. */
let patientMs = patienceMs

setInterval(() => {
  const { cpuMs, wallMs } = pulse.silentAt(now())
  if (cpuMs === 0) patientMs = patienceMs
  const stuck = cpuMs > patientMs && wallMs > patientMs
  if (stuck || wallMs > WAITING_MAX_MS) interrupt(cpuMs)
}, LOOK_MS)

function now(): Look {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() }
}

let interrupted = false

/** An inspector's message is the one thing that reaches a thread in the middle of a loop. */
function interrupt(silentMs: number): void {
  if (interrupted) return
  interrupted = true
  const killing = setTimeout(() => {
    writeSync(STDERR, '\nonceover: a simulated process loops and cannot be interrupted\n')
    process.kill(process.pid, 'SIGKILL')
  }, INTERRUPTED_MAX_MS)
  const session = new Session()
  session.connectToMainThread()
  session.post('Runtime.evaluate', { expression: `${call}(${silentMs})` }, () => {
    interrupted = false
    patientMs += patienceMs
    clearTimeout(killing)
  })
  // The process waits for that before it ends.
  setTimeout(() => session.disconnect(), LOOK_MS)
}
