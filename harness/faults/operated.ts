import type { TopicPartition } from '../core/history.ts'
import { type FaultStart, skipped, until } from './outcome.ts'
import type { FaultWorld } from './world.interface.ts'

/** A process that an operator stops and starts, simulated or real. */
export interface StoppableProcess {
  terminate(how: { readonly graceMs: number; readonly restartMs: null }): void
  ensureRunning(): void
}

export interface OperatedGroup {
  readonly group: string
  /** Processes that consume as the group at present. */
  readonly running: readonly StoppableProcess[]
  readonly graceMs: number
}

/**
 * Kafka lets nobody change a group that has members: the operator stops its processes, does what is
 * to be done, and starts them again.
 * @param act given what starts the processes again
 */
export function operated(
  { group, running, graceMs }: OperatedGroup,
  act: (startAgain: () => void) => void,
): FaultStart {
  if (running.length === 0) return skipped(`nobody consumed as ${group}`)
  for (const process of running) process.terminate({ graceMs, restartMs: null })
  return until(() =>
    act(() => {
      for (const process of running) process.ensureRunning()
    }),
  )
}

/** @param act given the partitions of the topics that the group consumed */
export function whileStopped(
  group: string,
  world: FaultWorld,
  act: (partitions: readonly TopicPartition[]) => void,
): FaultStart {
  const { cluster, graceMs } = world
  const members = cluster.group(group)?.members ?? []
  const topics = new Set(members.flatMap(({ partitions }) => partitions.map(({ topic }) => topic)))
  const names = new Set(members.map(({ process }) => process))
  const running = [...names].flatMap((name) => {
    const process = world.process(name)
    return process?.current == null ? [] : [process]
  })
  return operated({ group, running, graceMs }, (startAgain) => {
    act(
      cluster
        .topics()
        .filter(({ name }) => topics.has(name))
        .flatMap(({ name: topic, partitions }) =>
          Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
        ),
    )
    startAgain()
  })
}
