import { active } from '../active.ts'
import { context, type Proc } from '../process.ts'

/**
 * The simulated process whose code is running, or undefined outside of all. Code may run in an
 * async context from before (a snapshot, a pool that a package made when it was loaded): it belongs
 * to the process whose event is worked on.
 */
export function currentProcess(): Proc | undefined {
  return context.getStore() ?? active.owner ?? undefined
}

/** Does work that belongs to no process, such as loading what all of them share. */
export function outsideProcesses<Made>(work: () => Made): Made {
  const { owner } = active
  active.owner = null
  try {
    return context.exit(work)
  } finally {
    active.owner = owner
  }
}
