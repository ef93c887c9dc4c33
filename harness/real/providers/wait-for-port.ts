import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { accepts } from '../../fidelity/differential/ports.ts'
import { RealClusterError } from '../cluster/errors.ts'
import type { Address } from '../gate/exchange.ts'

const ASK_MS = 50

export interface AwaitedPort {
  /** The awaited process's name, for messages. */
  readonly what: string
  readonly process: ChildProcess
  readonly patienceMs: number
  readonly signal: AbortSignal
  /** Its last words. */
  words?(): string
}

/** @throws RealClusterError where it ends before it listens, or takes too long */
export async function waitForPort(
  address: Address,
  { what, process, patienceMs, signal, words = () => '' }: AwaitedPort,
): Promise<void> {
  const endMs = performance.now() + patienceMs
  while (!(await accepts(`${address.host}:${address.port}`))) {
    signal.throwIfAborted()
    const ended = process.exitCode !== null || process.signalCode !== null
    if (ended) throw new RealClusterError(`${what} ended before it listened${said(words())}`)
    if (performance.now() > endMs)
      throw new RealClusterError(`${what} was not up after ${patienceMs / 1000} s${said(words())}`)
    await sleep(ASK_MS)
  }
}

function said(words: string): string {
  return words === '' ? '' : `; it said: ${words}`
}
