import type { ApiName, Body } from '../../kafka/index.ts'

/** A request that goes before, in a version that every release serves. */
export interface PriorRequest {
  readonly api: ApiName
  readonly version: number
  readonly body: Body
}

/**
 * One administrative request, asked in every version that a release serves; its whole answer is
 * compared. In bodies `$` stands for what begins all names of this request in this version, so that
 * no request sees what another one made.
 */
export interface AdminRequest {
  readonly name: string
  readonly api: ApiName
  readonly body: Body
  /** Asked before it, in this order, one after another; each until its topic or group is there. */
  readonly before?: readonly PriorRequest[]
  /** Lists of the answer that brokers give in no order, by the field's name. */
  readonly unordered?: readonly string[]
  /** The first version in which it can be said; default: the first one that is served. */
  readonly from?: number
  /** The last one. */
  readonly to?: number
}

export function request(
  name: string,
  api: ApiName,
  body: Body,
  more: Omit<AdminRequest, 'name' | 'api' | 'body'> = {},
): AdminRequest {
  return { name: `${api}: ${name}`, api, body, ...more }
}

// --- what goes before

/** A topic with these configurations; `$t` where no other name is given. */
export function topic(
  partitions = 1,
  configs: Readonly<Record<string, string>> = {},
  name = '$t',
): PriorRequest {
  return {
    api: 'CreateTopics',
    version: 2,
    body: {
      topics: [
        {
          name,
          numPartitions: partitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 30_000,
      validateOnly: false,
    },
  }
}

/** A group without members that has committed in partition 0 of `$t`. */
export const committed: PriorRequest = {
  api: 'OffsetCommit',
  version: 7,
  body: {
    groupId: '$g',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [
      {
        name: '$t',
        partitions: [
          { partitionIndex: 0, committedOffset: 3n, committedLeaderEpoch: -1, committedMetadata: 'm' },
        ],
      },
    ],
  },
}
