import { serve } from '../../../serve/index.ts'
import { kafkaJars } from '../../artifacts/kafka.ts'
import { RealBroker, SETTINGS } from '../../differential/broker.ts'
import { RealBrokerTarget, SimulatedTarget, type Target } from '../../differential/target.ts'
import type { PlayedBehaviours, Transcript } from '../table.ts'
import { GuardedClient } from './client.ts'
import { DIALOGUES, type Dialogue, REAUTHENTICATE_MS, USERS } from './dialogues.ts'

/** Beside what all clusters of these comparisons are told. */
const GUARDED = {
  'connections.max.reauth.ms': REAUTHENTICATE_MS,
  // ACLs forbid where there are any; nobody but an administrator may change the cluster.
  'allow.everyone.if.no.acl.found': false,
  'super.users': 'User:alice;User:ANONYMOUS',
}
const USERS_TEXT = Object.entries(USERS)
  .map(([user, password]) => `${user}:${password}`)
  .join(',')
const SIMULATED = { ...SETTINGS, ...GUARDED, 'onceover.sasl.users': USERS_TEXT }

/** Each on a cluster of its own. */
export async function onSimulation(dialogues: readonly Dialogue[] = DIALOGUES): Promise<PlayedBehaviours> {
  const told = new Map<Dialogue, Transcript>()
  for (const [index, dialogue] of dialogues.entries())
    told.set(dialogue, await talk(dialogue, new SimulatedTarget(SIMULATED), index))
  return told
}

/** All at once, as they take seconds of waiting. */
export async function onServe(dialogues: readonly Dialogue[] = DIALOGUES): Promise<PlayedBehaviours> {
  await using cluster = await serve({ settings: SIMULATED })
  return await onAddress(dialogues, cluster.addresses[0] ?? '')
}

/** @throws Error where Java or the artifacts can't be had */
export async function onKafka(
  release: string,
  dialogues: readonly Dialogue[] = DIALOGUES,
): Promise<PlayedBehaviours> {
  const broker = await RealBroker.start(await kafkaJars(release), { users: USERS, settings: GUARDED })
  try {
    return await onAddress(dialogues, broker.address)
  } finally {
    await broker.stop()
  }
}

async function onAddress(dialogues: readonly Dialogue[], address: string): Promise<PlayedBehaviours> {
  const target = new RealBrokerTarget(address, () => Promise.reject(new Error('no restart was planned')))
  const told = dialogues.map(
    async (dialogue, index) => [dialogue, await talk(dialogue, target, index)] as const,
  )
  return new Map(await Promise.all(told))
}

async function talk(dialogue: Dialogue, target: Target, index: number): Promise<Transcript> {
  const client = new GuardedClient(target)
  try {
    return await dialogue.talk(client, `guarded-${index}`)
  } finally {
    client.close()
  }
}
