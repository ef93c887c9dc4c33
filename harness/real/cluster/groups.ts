import { UsageError } from '../../core/errors.ts'
import { type Body, errorName } from '../../kafka/index.ts'
import { first } from './body.ts'
import type { RealCluster } from './cluster.ts'

/** Members by id; a group that is not there has none. */
export async function membersOf(cluster: RealCluster, group: string): Promise<readonly string[]> {
  const asked = { api: 'DescribeGroups', version: 5, body: { groups: [group] } } as const
  const answer = await cluster.ofGroup(group, asked, (body) => Number(first(body, 'groups')?.['errorCode']))
  const described = first(answer, 'groups')
  const classic = ((described?.['members'] as Body[] | undefined) ?? []).map((each) =>
    String(each['memberId']),
  )
  if (classic.length > 0) return classic
  // Groups of KIP-848 are described by another request, and look dead or empty to this one.
  const body = await cluster
    .ofGroup(group, { api: 'ConsumerGroupDescribe', version: 0, body: { groupIds: [group] } }, () => 0)
    .catch(() => null)
  const consumers = (body === null ? undefined : first(body, 'groups')?.['members']) as Body[] | undefined
  return (consumers ?? []).map((each) => String(each['memberId']))
}

/**
 * The first use of a coordinator makes the topic of offsets, and for a while its answers are
 * errors: that is over before an app asks.
 * @throws UsageError where there is such a group: a replay touches nothing that it did not make
 */
export async function demandNoGroup(cluster: RealCluster, group: string): Promise<void> {
  const asked = { api: 'DescribeGroups', version: 5, body: { groups: [group] } } as const
  const answer = await cluster.ofGroup(group, asked, (body) => Number(first(body, 'groups')?.['errorCode']))
  const members = await membersOf(cluster, group)
  if (first(answer, 'groups')?.['groupState'] === 'Dead' && members.length === 0) return
  throw new UsageError(
    'busy-cluster',
    members.length > 0
      ? `somebody else consumes as '${group}' on this cluster; stop it, or give another cluster`
      : `the group '${group}' is on this cluster already, and a replay touches nothing that it did not make; delete it, or give another cluster`,
  )
}

/** Removes the group's last members, and then everything that is left of the group. */
export async function removeGroup(cluster: RealCluster, group: string): Promise<void> {
  await cluster.until(`delete the group ${group}`, async () => {
    const members = (await membersOf(cluster, group)).map((memberId) => ({ memberId, groupInstanceId: null }))
    if (members.length > 0)
      await cluster.ofGroup(
        group,
        { api: 'LeaveGroup', version: 3, body: { groupId: group, members } },
        (body) => Number(body['errorCode']),
      )
    const answer = await cluster.ofGroup(
      group,
      { api: 'DeleteGroups', version: 2, body: { groupsNames: [group] } },
      (body) => Number(first(body, 'results')?.['errorCode']),
    )
    const error = errorName(Number(first(answer, 'results')?.['errorCode']))
    return error === 'NONE' || error === 'GROUP_ID_NOT_FOUND' ? true : null
  })
}
