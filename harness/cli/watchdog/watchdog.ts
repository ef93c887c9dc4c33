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
/** CPU time without a turn of the event loop after which code counts as an endless loop. */
const PATIENCE_MS = 10_000
/** Onceover's own work is given more: a plan of faults after each of a million events takes it. */
const OURS_PATIENCE_MS = 120_000
/** The thread finds the function here: it can only evaluate text in this one. */
const BITE = Symbol.for('onceover: looping')

/**
 * Watches this thread from another one: an app that loops and never gives control back cannot be
 * stopped by anything that runs here, neither a time limit nor a signal. The process then says
 * which simulated process loops, and where, and ends with the exit code of a harness error.
 */
export function startWatchdog(patienceMs: number = PATIENCE_MS): void {
  Object.assign(globalThis, {
    [BITE]: (silentMs: number) => {
      const code = loopingNow()
      if (code.isOurs && silentMs < OURS_PATIENCE_MS) return
      writeSync(STDERR, `\nonceover: ${sentence(code, silentMs)}\n`)
      exitNow(EXIT.harness)
    },
  })
  const beats = sharedBeats()
  beat(beats)
  const data: WatchdogData = {
    beats,
    patienceMs,
    call: `globalThis[Symbol.for('${BITE.description}')]`,
  }
  // The thread's module stands beside this one, compiled or not.
  const module = new URL(import.meta.url.replace(/watchdog(\.\w+)$/, 'thread$1'))
  const thread = new Worker(module, { workerData: data })
  thread.unref()
  // Without it everything works but this.
  thread.on('error', () => {})
}

function sentence({ process: name, frame, isOurs }: LoopingCode, silentMs: number): string {
  const seconds = Math.round(silentMs / 1000)
  if (isOurs)
    return `Onceover itself has been at work for ${seconds} s of CPU time without a pause; give the scenario fewer records, and report it where it has few`
  const who = name === null ? "the scenario's module, or one that it imports," : name
  const where = frame === null ? '' : `, ${frame}`
  return `${who} has not given control back for ${seconds} s of CPU time: it loops${where}. Nothing else runs until it awaits something, so that the scenario cannot be checked`
}
