import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groups: readonly string[]
}

/** DescribeGroups (15), versions 0 to 5. An unknown group is Dead, without an error. */
export const describeGroups: Served = {
  key: 15,
  min: 0,
  max: 5,
  handler: answerNow<Request>(
    (context) => ({ groups: context.body.groups.map((id) => describe(context, id)) }),
    ({ body }, errorCode) => ({
      groups: body.groups.map((groupId) => ({ errorCode, groupId, members: [] })),
    }),
  ),
}

function describe({ cluster, broker }: RequestContext<Request>, groupId: string): Body {
  const refusal = cluster.coordinators.refusal(groupId, broker.id)
  if (refusal !== null) return { errorCode: code(refusal), groupId, groupState: '', members: [] }
  const group = cluster.coordinators.group(groupId)
  if (group === undefined) return { errorCode: 0, groupId, groupState: 'Dead', members: [] }
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
