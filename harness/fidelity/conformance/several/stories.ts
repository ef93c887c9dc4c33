import type { RequestDraft } from '../../../kafka/index.ts'
import { answered, type ProbeAnswer } from '../../../kafka/probe/index.ts'
import { deepError, offsetsIn, topError } from '../../differential/answers.ts'
import type { Named } from '../table.ts'
import type { ClusterClient } from './client.ts'

/** One row of a table of behaviours that need several brokers. */
export interface Story extends Named {
  /** Plays the story and returns what the client saw, step by step. */
  play(client: ClusterClient): Promise<string[]>
}

const other = (broker: number): number => (broker + 1) % 3

export const STORIES: readonly Story[] = [
  {
    row: 'L5',
    title: 'a replica that does not lead neither takes nor gives records',
    async play(client) {
      await client.create()
      return [
        await client.produce(0, -1),
        await client.produce(1, -1),
        await client.fetch(1, 0n),
        await client.fetch(0, 0n),
      ]
    },
  },
  {
    row: 'L5',
    title: 'a follower gives what is replicated to who may ask it',
    async play(client) {
      await client.create({}, [0, 1])
      const lines = [await client.produce(0, -1)]
      await client.wait(2_000)
      for (const broker of [0, 1, 2]) lines.push(await client.fetchAnywhere(broker, 0n))
      lines.push(await client.fetchAnywhere(1, 1n), await client.fetchAnywhere(1, 2n))
      return lines
    },
  },
  {
    row: 'L1',
    title: 'acks all needs min.insync.replicas, acks 1 does not',
    async play(client) {
      await client.create({ 'min.insync.replicas': '2' })
      const lines = [await client.produce(0, -1)]
      await client.kill(2)
      await client.until(({ inSync }) => inSync.length === 2)
      lines.push(await client.produce(0, -1))
      await client.kill(1)
      await client.until(({ inSync }) => inSync.length === 1)
      lines.push(await client.produce(0, -1), await client.produce(0, 1))
      await client.start(1)
      await client.until(({ inSync }) => inSync.length === 2)
      lines.push(await client.produce(0, -1), await client.fetch(0, 0n))
      return lines
    },
  },
  {
    row: 'L1',
    title: 'what was written with fewer than min.insync.replicas is not visible',
    async play(client) {
      await client.create({ 'min.insync.replicas': '2' })
      await client.kill(2)
      await client.kill(1)
      await client.until(({ inSync }) => inSync.length === 1)
      return [await client.produce(0, 1), await client.fetch(0, 0n)]
    },
  },
  {
    row: 'L2',
    title: 'a leader dies, and one that was in sync has all of it',
    async play(client) {
      await client.create()
      const lines = [await client.produce(0, -1), await client.produce(0, -1)]
      await client.kill(0)
      const leader = await newLeader(client)
      lines.push(`led by another: ${leader !== 0}`)
      lines.push(await client.patiently(() => client.produce(leader, -1), String))
      lines.push(await client.fetch(leader, 0n))
      return lines
    },
  },
  {
    row: 'L2',
    title: 'the one that comes back follows',
    async play(client) {
      await client.create()
      await client.produce(0, -1)
      await client.kill(0)
      const leader = await newLeader(client)
      await client.patiently(() => client.produce(leader, -1), String)
      await client.start(0)
      const { inSync } = await client.until((seen) => seen.inSync.length === 3)
      return [`in sync ${inSync.join(' ')}`, await client.produce(0, -1), await client.fetch(leader, 0n)]
    },
  },
  {
    row: 'L4',
    title: 'epochs of leaders',
    async play(client) {
      await client.create()
      const lines = [await client.produce(0, -1), await client.fetch(0, 0n, 0), await client.fetch(0, 0n, 1)]
      await client.kill(0)
      const leader = await newLeader(client)
      await client.patiently(() => client.produce(leader, -1), String)
      const ask = (epoch: number) =>
        client.ask(leader, 'OffsetForLeaderEpoch', 3, {
          replicaId: -1,
          topics: [
            {
              topic: client.topic,
              partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: epoch }],
            },
          ],
        })
      lines.push(await client.fetch(leader, 0n, 0), await client.fetch(leader, 0n, 99))
      for (const epoch of [0, 1, 99]) {
        const answer = await ask(epoch)
        lines.push(`${deepError(answer)} ends ${endOffset(answer)}`)
      }
      return lines
    },
  },
  {
    row: 'L12',
    title: 'what ListOffsets finds has the epoch in which it was written',
    async play(client) {
      await client.create()
      const [latest, earliest, latestTimestamp] = [-1n, -2n, -3n]
      const lines = [await client.listed(0, earliest), await client.produce(0, -1)]
      await client.kill(0)
      const leader = await newLeader(client)
      lines.push(await client.listed(leader, latest))
      await client.patiently(() => client.produce(leader, -1), String)
      for (const timestamp of [earliest, 0n, latestTimestamp, latest])
        lines.push(await client.listed(leader, timestamp))
      return lines
    },
  },
  {
    row: 'L12',
    title: 'the start of an empty log has the epoch of its leader',
    async play(client) {
      await client.create()
      await client.kill(0)
      return [await client.listed(await newLeader(client), -2n)]
    },
  },
  {
    row: 'L3',
    title: 'nobody leads while nobody that was in sync is there',
    async play(client) {
      await client.create()
      const lines = [await client.produce(0, -1)]
      await lonely(client)
      lines.push(await client.produce(0, 1))
      await client.kill(0)
      await client.start(1)
      const seen = await client.until(({ leader }) => leader === -1)
      lines.push(`${seen.error}, led by ${seen.leader}, in sync ${seen.inSync.join(' ')}`)
      await client.start(0)
      await client.until(({ leader, inSync }) => leader === 0 && inSync.length >= 2)
      lines.push(await client.patiently(() => client.fetch(0, 0n), firstWord))
      return lines
    },
  },
  {
    row: 'L3',
    title: 'an unclean election loses what only the old leader had',
    async play(client) {
      await client.create({ 'unclean.leader.election.enable': 'true' })
      const lines = [await client.produce(0, -1)]
      await lonely(client)
      lines.push(await client.produce(0, 1), await client.produce(0, 1), await client.fetch(0, 0n))
      await client.kill(0)
      await client.start(1)
      const { leader, inSync } = await client.until((seen) => seen.leader === 1)
      lines.push(`led by ${leader}, in sync ${inSync.join(' ')}`, await client.end(1))
      lines.push(await client.patiently(() => client.fetch(1, 3n), firstWord))
      lines.push(await client.patiently(() => client.produce(1, 1), String))
      await client.start(0)
      await client.until((seen) => seen.inSync.includes(0))
      lines.push(await client.fetch(1, 0n))
      return lines
    },
  },
  {
    row: 'L3',
    title: 'a replica that drops out below min.insync.replicas stays eligible',
    async play(client) {
      await client.create({ 'min.insync.replicas': '2' })
      await client.kill(2)
      await client.until(({ inSync }) => inSync.length === 2)
      const lines = [await client.eligible(0)]
      await client.kill(1)
      await client.until(({ inSync }) => inSync.length === 1)
      lines.push(await client.eligible(0), await client.produce(0, -1))
      await client.start(2)
      await client.until(({ inSync }) => inSync.length === 2)
      lines.push(await client.eligible(0))
      return lines
    },
  },
  {
    row: 'L3',
    title: 'a replica that was not shut down cleanly is no longer eligible, and the last leader leads again',
    async play(client) {
      await client.create({ 'min.insync.replicas': '2' })
      const lines = [await client.produce(0, -1)]
      await lonely(client)
      await client.kill(0)
      await client.start(1)
      await client.until(({ leader }) => leader === -1)
      lines.push(await client.eligible(1))
      await client.start(2)
      await client.until(({ alive }) => alive.includes(2))
      lines.push(await client.eligible(1))
      await client.start(0)
      await client.until(({ leader, inSync }) => leader === 0 && inSync.length === 3)
      lines.push(await client.eligible(1), await client.patiently(() => client.fetch(0, 0n), firstWord))
      return lines
    },
  },
  {
    row: 'A',
    title: 'replicas move, and the leader with them',
    async play(client) {
      await client.create({}, [0, 1])
      const lines = [await client.produce(0, -1), await client.move([1, 2])]
      await client.until(({ leader, inSync }) => leader === 1 && inSync.length === 2 && inSync.includes(2))
      lines.push(await client.moving(), await client.produce(0, -1))
      lines.push(await client.patiently(() => client.produce(1, -1), String), await client.fetch(1, 0n))
      await client.kill(1)
      await client.until(({ leader }) => leader === 2)
      lines.push(await client.patiently(() => client.fetch(2, 0n), firstWord))
      return lines
    },
  },
  {
    row: 'A',
    title: 'a move that waits for a broker is given up',
    async play(client) {
      await client.create({}, [0, 1])
      await client.kill(2)
      await client.until(({ alive }) => alive.length === 2)
      const lines = [await client.move(null), await client.move([0, 2]), await client.moving()]
      lines.push(await client.produce(0, -1), await client.move(null), await client.moving())
      lines.push(await client.patiently(() => client.produce(0, -1), String), await client.fetch(0, 0n))
      const { leader, inSync } = await client.seen()
      lines.push(`led by ${leader}, in sync ${inSync.join(' ')}`)
      return lines
    },
  },
  {
    row: 'A',
    title: 'an order of its own elects the preferred leader once that is asked for',
    async play(client) {
      await client.create({}, [0, 1])
      const elect = async (): Promise<string> => {
        const topicPartitions = [{ topic: client.topic, partitions: [0] }]
        return deepError(
          await client.ask(0, 'ElectLeaders', 2, { electionType: 0, topicPartitions, timeoutMs: 5_000 }),
        )
      }
      const lines = [await elect(), await client.move([1, 0]), await client.moving(), await elect()]
      const { leader, inSync } = await client.until((seen) => seen.leader === 1)
      lines.push(`led by ${leader}, in sync ${inSync.join(' ')}`)
      return lines
    },
  },
  {
    row: 'I6',
    title: 'a new leader remembers producers',
    async play(client) {
      await client.create()
      const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
      const made = await client.patiently(() => client.ask(0, 'InitProducerId', 1, body), topError)
      const { producerId: id } = answered(made)
      const by = (sequence: number) => ({ id, epoch: 0, sequence })
      const lines = [await client.produce(0, -1, by(0)), await client.produce(0, -1, by(1))]
      await client.kill(0)
      const leader = await newLeader(client)
      lines.push(await client.patiently(() => client.produce(leader, -1, by(1)), String))
      lines.push(await client.produce(leader, -1, by(0)), await client.produce(leader, -1, by(3)))
      lines.push(await client.produce(leader, -1, by(2)))
      return lines
    },
  },
  {
    row: 'C1',
    title: 'a broker that does not coordinate says so',
    async play(client) {
      await client.create()
      const wrong = other(await client.coordinator())
      return [
        deepError(await client.ask(wrong, 'OffsetCommit', 7, client.commitBody(3n))),
        deepError(await client.ask(wrong, 'OffsetFetch', 5, client.offsetsBody())),
        topError(await client.ask(wrong, 'JoinGroup', 5, client.joinBody())),
        topError(
          await client.ask(wrong, 'Heartbeat', 3, {
            groupId: client.group,
            generationId: 1,
            memberId: 'nobody',
            groupInstanceId: null,
          }),
        ),
        deepError(await client.ask(wrong, 'DescribeGroups', 4, { groups: [client.group] })),
        deepError(await client.ask(wrong, 'DeleteGroups', 1, { groupsNames: [client.group] })),
      ]
    },
  },
  {
    row: 'O7',
    title: 'committed offsets outlive their coordinator',
    async play(client) {
      await client.create()
      const first = await client.coordinator()
      const commit = (broker: number, offset: bigint) =>
        client.patiently(() => client.ask(broker, 'OffsetCommit', 7, client.commitBody(offset)), deepError)
      const lines = [deepError(await commit(first, 7n))]
      await client.kill(first)
      const next = await client.coordinator()
      const offsets = await client.patiently(
        () => client.ask(next, 'OffsetFetch', 7, { ...client.offsetsBody(), requireStable: true }),
        fetchError,
      )
      lines.push(
        `another: ${next !== first}`,
        `${fetchError(offsets)} ${offsetsIn(offsets, 'committedOffset')}`,
      )
      lines.push(deepError(await commit(next, 8n)))
      return lines
    },
  },
  {
    row: 'C',
    title: 'a group that is deleted as its last member leaves does not come back',
    async play(client) {
      await client.create()
      const { memberId, coordinator } = await stable(client)
      const lines = [await commit(client, coordinator, memberId)]
      const left = await client.ask(coordinator, 'LeaveGroup', 3, {
        groupId: client.group,
        members: [{ memberId, groupInstanceId: null }],
      })
      const deleted = await client.ask(coordinator, 'DeleteGroups', 1, { groupsNames: [client.group] })
      lines.push(deepError(left), deepError(deleted))
      await client.wait(500)
      const all = answered(await client.ask(coordinator, 'ListGroups', 4, { statesFilter: [] }))
      const listed = all.groups.some(({ groupId }) => groupId === client.group)
      const asked = { groups: [client.group] }
      const described = answered(await client.ask(coordinator, 'DescribeGroups', 4, asked))
      const state = described.groups[0]?.groupState
      lines.push(`listed: ${listed}`, String(state), await offsets(client, coordinator))
      return lines
    },
  },
  {
    row: 'C2',
    title: 'a stable group goes on at its new coordinator',
    async play(client) {
      await client.create()
      const { memberId, coordinator } = await stable(client)
      await client.kill(coordinator)
      const next = await loaded(client)
      const beat = await client.patiently(
        () => client.ask(next, 'Heartbeat', 3, identity(client, memberId)),
        topError,
      )
      const commit = await client.ask(next, 'OffsetCommit', 7, client.commitBody(4n, 1, memberId))
      return [topError(beat), deepError(commit)]
    },
  },
  {
    row: 'C3',
    title: 'a generation that was not synced is lost with its coordinator',
    async play(client) {
      await client.create()
      const coordinator = await client.coordinator()
      const memberId = await join(client, coordinator)
      await client.kill(coordinator)
      const next = await loaded(client)
      const beat = await client.patiently(
        () => client.ask(next, 'Heartbeat', 3, identity(client, memberId)),
        topError,
      )
      const again = await client.ask(next, 'JoinGroup', 5, client.joinBody(memberId))
      return [topError(beat), topError(again)]
    },
  },
  {
    row: 'L1',
    title: 'a leader that is cut from the controller goes on writing, and loses it',
    async play(client) {
      await client.create()
      const lines = [await client.produce(0, -1)]
      await client.cut(0)
      const leader = await newLeader(client)
      lines.push(await client.produce(0, 1), await client.produce(0, -1), await client.fetch(0, 0n))
      lines.push(await client.patiently(() => client.produce(leader, -1), String))
      await client.rejoin(0)
      await client.until(({ inSync }) => inSync.length === 3)
      lines.push(await client.produce(0, 1), await client.fetch(leader, 0n), await client.end(leader))
      return lines
    },
  },
  {
    row: 'L4',
    title: 'two leaders, each in its epoch',
    async play(client) {
      await client.create()
      await client.produce(0, -1)
      await client.cut(0)
      const leader = await newLeader(client)
      await client.patiently(() => client.produce(leader, -1), String)
      const lines = []
      for (const broker of [0, leader])
        for (const epoch of [0, 1, 2]) lines.push(await client.fetch(broker, 0n, epoch))
      return lines
    },
  },
  {
    row: 'L5',
    title: 'a broker that is cut from the controller tells of the old leader, and of no new topic',
    async play(client) {
      await client.create()
      await client.cut(0)
      await newLeader(client)
      const topic = `${client.topic}-new`
      const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }]
      const topics = [{ name: topic, numPartitions: -1, replicationFactor: -1, assignments, configs: [] }]
      const made = await client.ask(1, 'CreateTopics', 2, { topics, timeoutMs: 10_000 })
      const known = (broker: number) =>
        client.ask(broker, 'Metadata', 7, { topics: [{ name: topic }], allowAutoTopicCreation: false })
      const there = await client.patiently(() => known(1), deepError)
      const lines = [deepError(made), deepError(there), deepError(await known(0))]
      lines.push(`led by ${(await client.seen(0)).leader}`)
      await client.rejoin(0)
      const after = await client.patiently(() => known(0), deepError)
      return [...lines, deepError(after)]
    },
  },
  {
    row: 'C4',
    title: 'a coordinator that is cut from the controller goes on, and its successor coordinates, too',
    async play(client) {
      await client.create()
      const { memberId, old, next } = await twoCoordinators(client)
      const beat = async (broker: number) =>
        topError(await client.ask(broker, 'Heartbeat', 3, identity(client, memberId)))
      const named = await client.ask(old, 'FindCoordinator', 1, { key: client.group, keyType: 0 })
      const lines = [`another: ${next !== old}`, `names itself: ${answered(named).nodeId === old}`]
      lines.push(await beat(old), await beat(next), await commit(client, next, memberId))
      lines.push(await offsets(client, old), await offsets(client, next), await beat(old))
      await client.rejoin(old)
      await waitWhile(client, async () => (await beat(old)) === 'NONE')
      lines.push(await beat(old), await beat(next), await commit(client, old, memberId))
      return lines
    },
  },
  {
    row: 'C4',
    title:
      'what a coordinator that is cut from the controller writes is not replicated, and holds up what follows',
    async play(client) {
      await client.create()
      const { memberId, old, next } = await twoCoordinators(client)
      const written = await commit(client, old, memberId)
      const beat = await client.ask(old, 'Heartbeat', 3, identity(client, memberId))
      return [written, topError(beat), await offsets(client, old), await offsets(client, next)]
    },
  },
  {
    row: 'C4',
    title: 'metadata of a coordinator that is cut from the controller shows itself as its leader, too',
    async play(client) {
      await client.create()
      const { old, next } = await twoCoordinators(client)
      const seen = async (broker: number): Promise<string> => {
        const { leader, inSync } = await client.seenInternal(broker)
        return `led by ${nameIn({ old, next }, leader)}, ${inSync.length} in sync`
      }
      const lines = [`coordinated by ${nameIn({ old, next }, await client.namedCoordinator(old))}`]
      lines.push(await seen(old), await client.fetchInternal(old))
      lines.push(await client.fetchInternal(next))
      lines.push(`led by ${nameIn({ old, next }, (await client.seenInternal(next)).leader)}`)
      await client.rejoin(old)
      await waitWhile(client, async () => (await client.namedCoordinator(old)) === old)
      lines.push(`coordinated by ${nameIn({ old, next }, await client.namedCoordinator(old))}`)
      lines.push(`led by ${nameIn({ old, next }, (await client.seenInternal(old)).leader)}`)
      return lines
    },
  },
  {
    row: 'C4',
    title: 'a broker that is cut from the controller names a coordinator that is dead, by either request',
    async play(client) {
      await client.create()
      const { coordinator: old } = await stable(client)
      const cut = other(old)
      await client.cut(cut)
      await client.kill(old)
      const next = await loaded(client)
      const lines = [`coordinated by ${nameIn({ old, next }, await client.namedCoordinator(cut))}`]
      const { leader, inSync } = await client.seenInternal(cut)
      lines.push(`led by ${nameIn({ old, next }, leader)}, ${inSync.length} in sync`)
      lines.push(await client.fetchInternal(cut), await client.fetchInternal(next))
      return lines
    },
  },
  {
    // Before the first other story of a transactional id, for which the topic is made.
    row: 'C5',
    title: 'a broker that is cut from the controller does not hear of the topic of transactions',
    async play(client) {
      await client.create()
      await client.cut(0)
      await newLeader(client)
      const coordinator = await client.coordinator(1)
      const lines = [`coordinated by another: ${coordinator > 0}`]
      lines.push((await client.seenInternal(coordinator, 1)).error)
      lines.push((await client.seenInternal(0, 1)).error, String(await client.namedCoordinator(0, 1)))
      await client.rejoin(0)
      const named = await client.patiently(() => client.namedCoordinator(0, 1), String)
      lines.push(`coordinated by the same: ${named === coordinator}`)
      lines.push((await client.seenInternal(0, 1)).error)
      return lines
    },
  },
  {
    row: 'X3',
    title: 'a transaction outlives its coordinator and its leader',
    async play(client) {
      await client.create()
      const id = client.group
      const coordinator = await client.coordinator(1)
      const made = await client.patiently(
        () =>
          client.ask(coordinator, 'InitProducerId', 1, { transactionalId: id, transactionTimeoutMs: 60_000 }),
        topError,
      )
      const { producerId, producerEpoch } = answered(made)
      const who = { transactionalId: id, producerId, producerEpoch }
      const added = await client.ask(coordinator, 'AddPartitionsToTxn', 1, {
        v3AndBelowTransactionalId: id,
        v3AndBelowProducerId: who.producerId,
        v3AndBelowProducerEpoch: who.producerEpoch,
        v3AndBelowTopics: [{ name: client.topic, partitions: [0] }],
      })
      const by = { id: producerId, epoch: 0, sequence: 0, transactionalId: id }
      const lines = [topError(made), deepError(added), await client.produce(0, -1, by)]
      await client.kill(coordinator)
      const next = await client.coordinator(1)
      const { leader } = await client.until((seen) => seen.leader !== -1 && seen.leader !== coordinator)
      const ended = await client.patiently(
        () => client.ask(next, 'EndTxn', 1, { ...who, committed: true }),
        topError,
      )
      lines.push(topError(ended))
      for (let tries = 0; tries < 100 && (await client.end(leader)) !== 'ends at 2'; tries += 1)
        await client.wait(100)
      lines.push(await client.fetch(leader, 0n, -1, true))
      return lines
    },
  },
]

/** Waits until broker 0 does not lead any longer. @returns the broker that does */
async function newLeader(client: ClusterClient): Promise<number> {
  return (await client.until(({ leader }) => leader > 0)).leader
}

/** At most 20 s. */
async function waitWhile(client: ClusterClient, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200 && (await holds()); tries += 1) await client.wait(100)
}

/** One has not heard of the other. */
async function twoCoordinators(
  client: ClusterClient,
): Promise<{ memberId: string; old: number; next: number }> {
  const { memberId, coordinator: old } = await stable(client)
  await client.cut(old)
  return { memberId, old, next: await loaded(client) }
}

/** By which name a broker is known. */
function nameIn(brokers: Readonly<Record<string, number>>, id: number | string): string {
  return Object.entries(brokers).find(([, broker]) => broker === id)?.[0] ?? String(id)
}

async function commit(client: ClusterClient, broker: number, memberId: string): Promise<string> {
  return deepError(await client.ask(broker, 'OffsetCommit', 7, client.commitBody(5n, 1, memberId)))
}

async function offsets(client: ClusterClient, broker: number): Promise<string> {
  const answer = await client.ask(broker, 'OffsetFetch', 5, client.offsetsBody())
  return `${fetchError(answer)} ${offsetsIn(answer, 'committedOffset')}`
}

/** Broker 0 is the only one that is in sync. */
async function lonely(client: ClusterClient): Promise<void> {
  await client.kill(1)
  await client.kill(2)
  await client.until(({ inSync }) => inSync.length === 1)
}

/**
 * The coordinator, once it has read its partition; until then a Heartbeat is answered with NONE
 * whatever it says.
 */
async function loaded(client: ClusterClient): Promise<number> {
  const coordinator = await client.coordinator()
  await client.patiently(
    () => client.ask(coordinator, 'DescribeGroups', 4, { groups: [client.group] }),
    deepError,
  )
  return coordinator
}

async function join(client: ClusterClient, coordinator: number): Promise<string> {
  const named = await client.patiently(
    () => client.ask(coordinator, 'JoinGroup', 5, client.joinBody()),
    topError,
  )
  const { memberId } = answered(named)
  await client.ask(coordinator, 'JoinGroup', 5, client.joinBody(memberId))
  return memberId
}

async function stable(client: ClusterClient): Promise<{ memberId: string; coordinator: number }> {
  const coordinator = await client.coordinator()
  const memberId = await join(client, coordinator)
  await client.ask(coordinator, 'SyncGroup', 3, {
    ...identity(client, memberId),
    assignments: [{ memberId, assignment: Buffer.alloc(0) }],
  })
  return { memberId, coordinator }
}

function identity(client: ClusterClient, memberId: string): RequestDraft<'Heartbeat' | 'SyncGroup'> {
  return { groupId: client.group, generationId: 1, memberId, groupInstanceId: null }
}

function endOffset(answer: ProbeAnswer<'OffsetForLeaderEpoch'>): string {
  return 'failed' in answer ? answer.failed : String(answer.topics[0]?.partitions[0]?.endOffset)
}

/** OffsetFetch has errors in two places. */
function fetchError(answer: ProbeAnswer<'OffsetFetch'>): string {
  const top = topError(answer)
  return top === 'NONE' ? deepError(answer) : top
}

function firstWord(line: string): string {
  return line.split(' ')[0] ?? line
}
