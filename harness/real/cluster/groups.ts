import { UsageError } from '../../core/errors.ts'
import type { RecordPosition } from '../../core/history.ts'
import { type AnswerBody, errorName } from '../../kafka/index.ts'
import type { RealCluster } from './cluster.ts'

/** Members by id; a group that is not there has none. */
export async function membersOf(cluster: RealCluster, group: string): Promise<readonly string[]> {
  const classic = (await described(cluster, group))?.members.map(({ memberId }) => memberId) ?? []
  if (classic.length > 0) return classic
  // Groups of KIP-848 are described by another request, and look dead or empty to this one.
  const answer = await cluster
    .ofGroup(group, { api: 'ConsumerGroupDescribe', version: 0, body: { groupIds: [group] } }, () => 0)
    .catch(() => null)
  return answer?.groups[0]?.members.map(({ memberId }) => memberId) ?? []
}

async function described(
  cluster: RealCluster,
  group: string,
): Promise<AnswerBody<'DescribeGroups'>['groups'][number] | undefined> {
  const asked = { api: 'DescribeGroups', version: 5, body: { groups: [group] } } as const
  const answer = await cluster.ofGroup(group, asked, ({ groups }) => groups[0]?.errorCode)
  return answer.groups[0]
}

/**
 * The first use of a coordinator makes the topic of offsets, and for a while its answers are
 * errors: that is over before an app asks.
 * @throws UsageError where there is such a group: a replay touches nothing that it did not make
 */
export async function demandNoGroup(cluster: RealCluster, group: string): Promise<void> {
  const known = await described(cluster, group)
  const members = await membersOf(cluster, group)
  if (known?.groupState === 'Dead' && members.length === 0) return
  throw new UsageError(
    'busy-cluster',
    members.length > 0
      ? `somebody else consumes as '${group}' on this cluster; stop it, or give another cluster`
      : `the group '${group}' is on this cluster already, and a replay touches nothing that it did not make; delete it, or give another cluster`,
  )
}

/**
 * Commits offsets for a group without members, as an operator's tool does.
 * @returns the error, by Kafka's name, or NONE
 */
export async function setOffsets(
  cluster: RealCluster,
  group: string,
  offsets: readonly RecordPosition[],
): Promise<string> {
  const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, positions]) => ({
    name,
    partitions: positions.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedMetadata: null,
    })),
  }))
  const body = { groupId: group, generationIdOrMemberEpoch: -1, memberId: '', topics }
  const errorIn = (answer: AnswerBody<'OffsetCommit'>): number =>
    answer.topics
      .flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))
      .find((code) => code !== 0) ?? 0
  return errorName(errorIn(await cluster.ofGroup(group, { api: 'OffsetCommit', version: 6, body }, errorIn)))
}

/** @returns the error, by Kafka's name, or NONE */
export async function deleteGroup(cluster: RealCluster, group: string): Promise<string> {
  const answer = await cluster.ofGroup(
    group,
    { api: 'DeleteGroups', version: 2, body: { groupsNames: [group] } },
    ({ results }) => results[0]?.errorCode,
  )
  return errorName(answer.results[0]?.errorCode ?? -1)
}

/** Removes the group's last members, and then everything that is left of the group. */
export async function removeGroup(cluster: RealCluster, group: string): Promise<void> {
  await cluster.until(`delete the group ${group}`, async () => {
    const members = (await membersOf(cluster, group)).map((memberId) => ({ memberId, groupInstanceId: null }))
    if (members.length > 0)
      await cluster.ofGroup(
        group,
        { api: 'LeaveGroup', version: 3, body: { groupId: group, members } },
        ({ errorCode }) => errorCode,
      )
    const error = await deleteGroup(cluster, group)
    return error === 'NONE' || error === 'GROUP_ID_NOT_FOUND' ? true : null
  })
}
