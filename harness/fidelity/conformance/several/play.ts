import { kafkaJars } from '../../artifacts/kafka.ts'
import type { PlayedBehaviours, Transcript } from '../table.ts'
import { ClusterClient } from './client.ts'
import { RealBrokers } from './real-cluster.ts'
import { RealStage, SimulatedStage } from './stage.ts'
import { STORIES, type Story } from './stories.ts'

/** Each on a cluster of its own. */
export async function onSimulation(stories: readonly Story[] = STORIES): Promise<PlayedBehaviours> {
  const told = new Map<Story, Transcript>()
  for (const [index, story] of stories.entries())
    told.set(story, await story.play(new ClusterClient(new SimulatedStage(), String(index))))
  return told
}

/**
 * One after the other on the same three brokers, which are all there when a story begins.
 * @throws Error where Java or the artifacts can't be had
 */
export async function onKafka(
  release: string,
  stories: readonly Story[] = STORIES,
): Promise<PlayedBehaviours> {
  const cluster = await RealBrokers.start(await kafkaJars(release))
  const told = new Map<Story, Transcript>()
  try {
    const stage = new RealStage(cluster.brokers)
    for (const [index, story] of stories.entries()) {
      const client = new ClusterClient(stage, String(index))
      told.set(story, await story.play(client))
      await client.heal()
    }
  } finally {
    await cluster.stop()
  }
  return told
}
