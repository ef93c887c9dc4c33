import { kafkaJars } from '../../artifacts/kafka.ts'
import type { Played, Seen } from '../table.ts'
import { Client } from './client.ts'
import { RealCluster } from './real-cluster.ts'
import { RealStage, SimulatedStage } from './stage.ts'
import { STORIES, type Story } from './stories.ts'

/** Each on a cluster of its own. */
export async function onSimulation(stories: readonly Story[] = STORIES): Promise<Played> {
  const told = new Map<Story, Seen>()
  for (const [index, story] of stories.entries())
    told.set(story, await story.play(new Client(new SimulatedStage(), String(index))))
  return told
}

/**
 * One after the other on the same three brokers, which are all there when a story begins.
 * @throws Error where Java or the artifacts can't be had
 */
export async function onKafka(release: string, stories: readonly Story[] = STORIES): Promise<Played> {
  const cluster = await RealCluster.start(await kafkaJars(release))
  const told = new Map<Story, Seen>()
  try {
    const stage = new RealStage(cluster.brokers)
    for (const [index, story] of stories.entries()) {
      const client = new Client(stage, String(index))
      told.set(story, await story.play(client))
      await client.heal()
    }
  } finally {
    await cluster.stop()
  }
  return told
}
