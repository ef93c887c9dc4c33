import { active } from '../sim/active.ts'
import { framesHere, isOursAlone, userFrame } from '../sim/call-site.ts'

export interface LoopingCode {
  /** The simulated process whose event is being worked on; null: none is. */
  readonly process: string | null
  /** The innermost line of the user's code; null: none is on the stack. */
  readonly frame: string | null
  /** Onceover itself is at work, as it is for long where a history is. */
  readonly isOurs: boolean
}

/** The code that has not given control back; called from the middle of it. */
export function loopingNow(): LoopingCode {
  const frames = framesHere()
  const process = active.owner?.name ?? null
  return { process, frame: userFrame(frames), isOurs: process === null && isOursAlone(frames) }
}
