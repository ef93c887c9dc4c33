import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { EPOCH_MS, inProcess } from '../testing/room.ts'

describe('code in an async context from before the simulation', () => {
  const resource = new AsyncResource('a pool that was made at import')
  const snapshot = AsyncLocalStorage.snapshot()
  const bound = AsyncResource.bind((work: () => unknown) => work())

  it.each<[string, (work: () => unknown) => unknown]>([
    ['AsyncResource', (work) => resource.runInAsyncScope(work)],
    ['AsyncLocalStorage.snapshot', (work) => snapshot(work)],
    ['AsyncResource.bind', (work) => bound(work)],
  ])('belongs to the process whose event is worked on: %s', async (_name, outside) => {
    const log = await inProcess(({ say }) => {
      outside(() => {
        say(`${Date.now()}`)
        setTimeout(() => say(`later ${process.pid}`), 5)
      })
    })
    expect(log).toEqual([`0 ${EPOCH_MS}`, '5 later 100'])
    await expect(inProcess(() => outside(() => spawnSync('true')))).rejects.toThrow('child_process.spawnSync')
  })
})
