import process from 'node:process'
import type { Proc } from '../process.ts'

/**
 * `process.exitCode` can't be replaced: the real one is lent to a process while it works, and taken
 * back after.
 */
let harnessExitCode = process.exitCode
let lent = false

export function lendExitCode({ exitCode }: Proc): void {
  if (!lent) harnessExitCode = process.exitCode
  lent = true
  if (exitCode !== undefined) process.exitCode = exitCode
}

export function takeBackExitCode(owner: Proc): void {
  if (!lent) return
  lent = false
  if (process.exitCode === harnessExitCode && owner.exitCode === undefined) return
  owner.exitCode = process.exitCode ?? undefined
  process.exitCode = harnessExitCode
}
