import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { operationsOn } from './authorization/operations.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

type DescribedGroup = ElementOf<AnswerDraft<'DescribeGroups'>['groups']>

/**
 * DescribeGroups (15), versions 0 to 6. An unknown group is Dead; that is an error from version 6
 * on (KIP-1043).
 */
export const describeGroups = servedAtOnce('DescribeGroups')({
  min: 0,
  max: 6,
  apply: (context) => ({
    groups: context.body.groups.map((id) =>
      context.body.includeAuthorizedOperations
        ? withOperations(context, describe(context, id))
        : describe(context, id),
    ),
  }),
  refuse: ({ body }, errorCode) => ({
    groups: body.groups.map((groupId) => ({ errorCode, groupId, members: [] })),
  }),
})

function describe(
  { cluster, broker, version }: RequestContext<'DescribeGroups'>,
  groupId: string,
): DescribedGroup {
  const refusal = cluster.coordinators.of(groupId).refusal(groupId, broker.id)
  if (refusal !== null) return { errorCode: code(refusal), groupId, groupState: '', members: [] }
  const group = cluster.coordinators.of(groupId).classicGroup(groupId)
  if (group === undefined) {
    const other = cluster.coordinators.of(groupId).group(groupId) !== undefined
    return unknown(groupId, version, other ? 'is not a classic group' : 'not found')
  }
  return {
    errorCode: 0,
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: group.state === 'Stable' ? (group.protocol ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: group.state === 'Stable' ? member.metadataFor(group.protocol) : Buffer.alloc(0),
      memberAssignment: group.state === 'Stable' ? member.assignment : Buffer.alloc(0),
    })),
  }
}

/** The operations that the client may do with the group (KIP-430). */
function withOperations(context: RequestContext<'DescribeGroups'>, group: DescribedGroup): DescribedGroup {
  if (group.errorCode !== 0) return group
  return { ...group, authorizedOperations: operationsOn(context, 'Group', group.groupId ?? '') }
}

function unknown(groupId: string, version: number, why: string): DescribedGroup {
  const described = { groupId, groupState: 'Dead', members: [] }
  if (version < 6) return { ...described, errorCode: 0 }
  const errorMessage = `Group ${groupId} ${why}.`
  return { ...described, errorCode: code('GROUP_ID_NOT_FOUND'), errorMessage }
}
