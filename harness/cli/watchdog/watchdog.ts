import fs from 'node:fs'
import { Worker } from 'node:worker_threads'
import { beat, sharedBeats } from '../../check/heartbeat.ts'
import { type LoopingCode, loopingNow } from '../../run/looping.ts'
import { EXIT } from '../exit.ts'
import type { WatchdogData } from './thread.ts'

const STDERR = 2
/** Taken now: where it is called, a simulated process has files and an exit of its own. */
const { writeSync } = fs
const exitNow: (code: number) => void = Reflect.get(process, 'reallyExit').bind(process)
/** How long this thread may be silent. */
interface WatchdogPatience {
  /** CPU time without a turn of the event loop after which code counts as an endless loop. */
  readonly patienceMs: number
  /**
   * Onceover's own work is given more: a plan of faults after each of a million events takes it.
   */
  readonly oursMs: number
  /** Until it is killed where it says nothing when asked. Long: a busy machine takes its time. */
  readonly answerMsMax: number
}

const PATIENCE: WatchdogPatience = { patienceMs: 10_000, oursMs: 120_000, answerMsMax: 60_000 }
/** The thread finds the function here: it can only evaluate text in this one. */
const BITE = Symbol.for('onceover: looping')

/**
 * Watches this thread from another one: an app that loops and never gives control back cannot be
 * stopped by anything that runs here, neither a time limit nor a signal. The process then says
 * which simulated process loops, and where, and ends with the exit code of a harness error.
 */
export function startWatchdog({ patienceMs, oursMs, answerMsMax }: WatchdogPatience = PATIENCE): void {
  const allowed = sharedBeats()
  Object.assign(globalThis, {
    [BITE]: (cpuMs: number, wallMs: number) => {
      const code = loopingNow()
      // What waits without CPU time would wait for ever.
      if (code.isOurs && cpuMs > patienceMs && cpuMs < oursMs) {
        Atomics.add(allowed, 0, 1)
        return
      }
      try {
        writeSync(STDERR, `\nonceover: ${cpuMs > patienceMs ? busy(code, cpuMs) : waiting(code, wallMs)}\n`)
      } finally {
        exitNow(EXIT.harness)
      }
    },
  })
  const beats = sharedBeats()
  beat(beats)
  const data: WatchdogData = {
    ...{ beats, allowed, patienceMs, answerMsMax },
    call: `globalThis[Symbol.for('${BITE.description}')]`,
  }
  // The thread's module stands beside this one, compiled or not.
  const module = new URL(import.meta.url.replace(/watchdog(\.\w+)$/, 'thread$1'))
  const thread = new Worker(module, { workerData: data })
  thread.unref()
  // Without it everything works but this.
  thread.on('error', () => {})
}

function busy(code: LoopingCode, cpuMs: number): string {
  const time = `${seconds(cpuMs)} of CPU time`
  if (code.isOurs)
    return `Onceover itself has been at work for ${time} without a pause; give the scenario fewer records, and report it where it has few`
  return `${who(code)} has not given control back for ${time}: it loops${where(code)}. ${NOTHING_ELSE}`
}

function waiting(code: LoopingCode, wallMs: number): string {
  const name = code.isOurs ? 'Onceover itself' : who(code)
  return `${name} has not given control back for ${seconds(wallMs)}: it waits${where(code)}. ${NOTHING_ELSE}`
}

const NOTHING_ELSE = 'Nothing else runs until it awaits something, so that the scenario cannot be checked'

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}

function who({ process: name }: LoopingCode): string {
  return name ?? "the scenario's module, or one that it imports,"
}

function where({ frame }: LoopingCode): string {
  return frame === null ? '' : `, ${frame}`
}
