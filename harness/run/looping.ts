import { active } from '../sim/active.ts'
import { framesHere, userFrame } from '../sim/call-site.ts'

/**
 * The simulated process whose event is being worked on, and the innermost line of the user's code
 * on the stack. Called from the middle of an endless loop; null where nothing is known.
 */
export function loopingNow(): { readonly process: string | null; readonly frame: string | null } {
  return { process: active.owner?.name ?? null, frame: userFrame(framesHere()) }
}
