import type { TopicPartition } from '../../core/history.ts'
import { type FaultStart, skipped, until } from '../../faults/outcome.ts'
import type { RealFaultWorld } from './world.interface.ts'

/** Stops the group's processes, lets the operator act, and starts them again. */
export function whileStopped(
  group: string,
  world: RealFaultWorld,
  act: (partitions: readonly TopicPartition[]) => Promise<void>,
): FaultStart {
  const { processes, partitions } = world.consumersOf(group)
  const running = processes.flatMap((name) => {
    const process = world.process(name)
    return process?.running === true ? [process] : []
  })
  if (running.length === 0) return skipped(`nobody consumed as ${group}`)
  for (const process of running) process.terminate({ graceMs: world.graceMs, restartMs: null })
  return until(() =>
    world.busy.add(async () => {
      await act(partitions)
      for (const process of running) process.ensureRunning()
    }),
  )
}
