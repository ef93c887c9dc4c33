import type { TopicPartition } from '../../core/history.ts'
import { operated } from '../../faults/operated.ts'
import type { FaultStart } from '../../faults/outcome.ts'
import type { RealFaultWorld } from './world.interface.ts'

/** Stops the group's processes, lets the operator act, and starts them again. */
export function whileStopped(
  group: string,
  world: RealFaultWorld,
  act: (partitions: readonly TopicPartition[]) => Promise<void>,
): FaultStart {
  const { graceMs } = world
  const { processes, partitions } = world.consumersOf(group)
  const running = processes.flatMap((name) => {
    const process = world.process(name)
    return process?.running === true ? [process] : []
  })
  return operated({ group, running, graceMs }, (startAgain) =>
    world.busy.add(async () => {
      await act(partitions)
      startAgain()
    }),
  )
}
