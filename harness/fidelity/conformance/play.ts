import { serve } from '../../serve/index.ts'
import { kafkaJars } from '../artifacts/kafka.ts'
import { RealBroker, SETTINGS } from '../differential/broker.ts'
import { play } from '../differential/play.ts'
import { playAll } from '../differential/play-all.ts'
import type { Script } from '../differential/script.ts'
import { RealBrokerTarget, SimulatedTarget } from '../differential/target.ts'
import type { Behaviour } from './steps.ts'
import type { PlayedBehaviours, Transcript } from './table.ts'

const DOWN_MS = 500
const UP_MS = 2_500

export async function onSimulation(behaviours: readonly Behaviour[]): Promise<PlayedBehaviours> {
  const seen = new Map<Behaviour, Transcript>()
  for (const [behaviour, script] of scripts(behaviours))
    seen.set(behaviour, answers(await play(script, new SimulatedTarget(SETTINGS), 'd')))
  return seen
}

/** On the simulated cluster behind a TCP port, in real time. */
export async function onServe(behaviours: readonly Behaviour[]): Promise<PlayedBehaviours> {
  await using cluster = await serve({ settings: SETTINGS })
  const restart = async (): Promise<void> => {
    cluster.admin.stopBroker(0)
    await pause(DOWN_MS)
    cluster.admin.startBroker(0)
    await pause(UP_MS)
  }
  return await onAddress(behaviours, cluster.addresses[0] ?? '', restart)
}

/** @throws Error where Java or the artifacts are missing */
export async function onKafka(behaviours: readonly Behaviour[], release: string): Promise<PlayedBehaviours> {
  const broker = await RealBroker.start(await kafkaJars(release))
  try {
    return await onAddress(behaviours, broker.address, () => broker.restart())
  } finally {
    await broker.stop()
  }
}

async function onAddress(
  behaviours: readonly Behaviour[],
  address: string,
  restart: () => Promise<void>,
): Promise<PlayedBehaviours> {
  const all = scripts(behaviours)
  const lines = await playAll(
    [...all.values()],
    (restarted) => new RealBrokerTarget(address, restarted),
    restart,
  )
  return new Map([...all].map(([behaviour, script]) => [behaviour, answers(lines.get(script) ?? [])]))
}

function scripts(behaviours: readonly Behaviour[]): Map<Behaviour, Script> {
  return new Map(
    behaviours.map((behaviour, index) => [
      behaviour,
      { name: `${behaviour.row}-${index}`, steps: behaviour.steps },
    ]),
  )
}

function answers(lines: readonly string[]): Transcript {
  return lines.map((line) => line.slice(line.indexOf(' => ') + ' => '.length))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
