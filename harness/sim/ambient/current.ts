import { context, type Proc } from '../process.ts'

/** The simulated process whose code is running, or undefined outside of all. */
export function currentProcess(): Proc | undefined {
  return context.getStore()
}
