import path from 'node:path'
import { seenOrdersScenario } from '../../../scenarios/services/seen-orders/scenario.ts'
import type { Fault } from '../../core/fault.ts'
import type { HistoryEvent } from '../../core/history.ts'
import { prepareScenario } from '../../scenario/prepare.ts'

/** Prints hashes of runs in which transactions of two processes wait for each other on a server. */
const file = path.resolve(import.meta.dirname, '../../../scenarios/services/seen-orders/unique.scenario.ts')
const prepared = await prepareScenario(seenOrdersScenario('hashes', './unique.ts', { unique: true }), {
  file,
})
for (const ordinal of [1, 2, 3, 4]) {
  const faults: Fault[] = ['applied', 'acknowledged'].map((phase) => ({
    kind: 'pause',
    target: 'consumer-1',
    at: { event: `consumer-1 db INSERT#${ordinal} ${phase}` },
    durationMs: 60_000,
  }))
  const schedule = { seed: `${ordinal}`, workload: prepared.workload('1'), faults, holds: [] }
  const { history, historyHash } = await prepared.run(schedule, { stopAt: 'end' })
  console.log(historyHash(), longestCallMs(history.events))
}
process.exit(0)

/** From when a call arrived until it was done, in virtual milliseconds: it waited for a lock. */
function longestCallMs(events: readonly HistoryEvent[]): number {
  const arrived = new Map<string, number>()
  let longestUs = 0
  for (const event of events) {
    if (event.kind !== 'call') continue
    const call = `${event.process} ${event.operation}#${event.ordinal}`
    if (event.phase === 'received') arrived.set(call, event.timeUs)
    if (event.phase === 'applied')
      longestUs = Math.max(longestUs, event.timeUs - (arrived.get(call) ?? event.timeUs))
  }
  return Math.round(longestUs / 1000)
}
