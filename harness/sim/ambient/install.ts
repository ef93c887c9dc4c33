import { syncBuiltinESMExports } from 'node:module'
// fast-check keeps the clock and the timers that it finds when it is loaded: it must be Node's.
import 'fast-check'
import type { Proc } from '../process.ts'
import { patchClocks } from './clock.ts'
import { patchProcess } from './process-events.ts'
import { patchRandomness } from './randomness.ts'
import { patchRefused } from './refused.ts'
import { patchSockets } from './sockets.ts'
import { patchThreadPool } from './synchronous.ts'
import { patchTimers } from './timers.ts'

let installed = false

/** Intercepts what simulated code could reach; everything stays Node's own outside a simulated process. */
export function installAmbient(activeProcess: () => Proc | undefined): void {
  if (installed) return
  installed = true
  patchTimers()
  patchClocks()
  patchRandomness()
  patchSockets()
  patchProcess(activeProcess)
  patchThreadPool()
  patchRefused()
  syncBuiltinESMExports()
}
