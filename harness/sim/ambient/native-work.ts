import { AsyncResource } from 'node:async_hooks'
import type { Proc } from '../process.ts'

/**
 * Real asynchronous work whose outcome is no matter of chance, only its end: virtual time stands
 * still until it ends, and it answers as an event of the process, in the order in which work was
 * begun.
 */
export function nativeWork(process: Proc, start: () => PromiseLike<unknown>): Promise<unknown> {
  const { host } = process
  const [askedUs, seq] = [host.nowUs, host.nextSeq()]
  const resource = new AsyncResource('OnceoverWork', { requireManualDestroy: true })
  const held = host.holdTime()
  process.keepBusy()
  return new Promise((resolve, reject) => {
    const answer = (settle: () => void): void => {
      const told = (): void => {
        process.letGo()
        settle()
      }
      host.schedule(0, process, told, { resource, askedUs, seq })
      held.cancel()
    }
    begin(start).then(
      (value) => answer(() => resolve(value)),
      (error: Error) => answer(() => reject(error)),
    )
  })
}

async function begin(start: () => PromiseLike<unknown>): Promise<unknown> {
  return await start()
}
