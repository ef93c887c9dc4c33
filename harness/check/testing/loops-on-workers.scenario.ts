import { isMainThread } from 'node:worker_threads'
import { defineScenario } from 'onceover'
import commitsAfter from './commits-after.scenario.ts'

/** On another thread than the main one it never gives control back. */
export default defineScenario({
  ...commitsAfter,
  name: 'loops on worker threads',
  async app(context) {
    if (typeof commitsAfter.app !== 'function') throw new Error('the app is a module')
    while (!isMainThread) {}
    await commitsAfter.app(context)
  },
})
