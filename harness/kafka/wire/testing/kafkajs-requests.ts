import type { ApiName, Body } from '../index.ts'

export interface KafkajsRequest {
  /** The input of kafkajs's own encoder, for all of its versions. */
  readonly input: unknown
  /** The decoded body of its last version, in Kafka's names. */
  readonly body: Body
}

const OFFSET = 2n ** 60n + 1n
const PRODUCER = 2n ** 55n + 3n
const producer = { producerId: String(PRODUCER), producerEpoch: 7 }
const acl = {
  resourceType: 2,
  resourceName: 'orders',
  resourcePatternType: 3,
  principal: 'User:a',
  host: '*',
  operation: 4,
  permissionType: 5,
}
const aclFilter = {
  resourceTypeFilter: 2,
  resourceNameFilter: 'orders',
  patternTypeFilter: 3,
  principalFilter: 'User:a',
  hostFilter: '*',
  operation: 4,
  permissionType: 5,
}
const offsets = [
  {
    topic: 'orders',
    partitions: [
      { partition: 1, offset: String(OFFSET), metadata: 'm' },
      { partition: 2, offset: '-1', metadata: null },
    ],
  },
]
const committed = [
  {
    name: 'orders',
    partitions: [
      { partitionIndex: 1, committedOffset: OFFSET, committedMetadata: 'm' },
      { partitionIndex: 2, committedOffset: -1n, committedMetadata: null },
    ],
  },
]
const resource = { type: 2, name: 'orders' }

/** One of each request that kafkajs can send. */
export const KAFKAJS_REQUESTS = {
  AddOffsetsToTxn: {
    input: { transactionalId: 't', groupId: 'g', ...producer },
    body: { transactionalId: 't', groupId: 'g', producerId: PRODUCER, producerEpoch: 7 },
  },
  AddPartitionsToTxn: {
    input: { transactionalId: 't', ...producer, topics: [{ topic: 'orders', partitions: [1, 2] }] },
    body: {
      v3AndBelowTransactionalId: 't',
      v3AndBelowProducerId: PRODUCER,
      v3AndBelowProducerEpoch: 7,
      v3AndBelowTopics: [{ name: 'orders', partitions: [1, 2] }],
    },
  },
  AlterConfigs: {
    input: {
      resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '1' }] }],
      validateOnly: true,
    },
    body: {
      resources: [
        { resourceType: 2, resourceName: 'orders', configs: [{ name: 'retention.ms', value: '1' }] },
      ],
      validateOnly: true,
    },
  },
  AlterPartitionReassignments: {
    input: {
      topics: [{ topic: 'orders', partitionAssignment: [{ partition: 1, replicas: [1, 2] }] }],
      timeout: 3,
    },
    body: {
      timeoutMs: 3,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 1, replicas: [1, 2] }] }],
    },
  },
  ApiVersions: { input: {}, body: {} },
  CreateAcls: { input: { creations: [acl] }, body: { creations: [acl] } },
  CreatePartitions: {
    input: {
      topicPartitions: [{ topic: 'orders', count: 2, assignments: [[1], [2]] }],
      validateOnly: true,
      timeout: 3,
    },
    body: {
      topics: [{ name: 'orders', count: 2, assignments: [{ brokerIds: [1] }, { brokerIds: [2] }] }],
      timeoutMs: 3,
      validateOnly: true,
    },
  },
  CreateTopics: {
    input: {
      topics: [
        {
          topic: 'orders',
          numPartitions: 2,
          replicationFactor: 3,
          replicaAssignment: [{ partition: 0, replicas: [1, 2] }],
          configEntries: [{ name: 'retention.ms', value: '1' }],
        },
      ],
      validateOnly: true,
      timeout: 3,
    },
    body: {
      topics: [
        {
          name: 'orders',
          numPartitions: 2,
          replicationFactor: 3,
          assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }],
          configs: [{ name: 'retention.ms', value: '1' }],
        },
      ],
      timeoutMs: 3,
      validateOnly: true,
    },
  },
  DeleteAcls: { input: { filters: [acl] }, body: { filters: [aclFilter] } },
  DeleteGroups: { input: ['g', 'h'], body: { groupsNames: ['g', 'h'] } },
  DeleteRecords: {
    input: {
      topics: [{ topic: 'orders', partitions: [{ partition: 1, offset: String(OFFSET) }] }],
      timeout: 3,
    },
    body: { topics: [{ name: 'orders', partitions: [{ partitionIndex: 1, offset: OFFSET }] }], timeoutMs: 3 },
  },
  DeleteTopics: { input: { topics: ['a', 'b'], timeout: 3 }, body: { topicNames: ['a', 'b'], timeoutMs: 3 } },
  DescribeAcls: { input: acl, body: aclFilter },
  DescribeConfigs: {
    input: { resources: [{ ...resource, configNames: ['retention.ms'] }], includeSynonyms: true },
    body: {
      resources: [{ resourceType: 2, resourceName: 'orders', configurationKeys: ['retention.ms'] }],
      includeSynonyms: true,
    },
  },
  DescribeGroups: { input: { groupIds: ['g', 'h'] }, body: { groups: ['g', 'h'] } },
  EndTxn: {
    input: { transactionalId: 't', ...producer, transactionResult: true },
    body: { transactionalId: 't', producerId: PRODUCER, producerEpoch: 7, committed: true },
  },
  Fetch: {
    input: {
      replicaId: -1,
      maxWaitTime: 1,
      minBytes: 2,
      maxBytes: 3,
      isolationLevel: 1,
      sessionId: 4,
      sessionEpoch: 5,
      topics: [
        {
          topic: 'orders',
          partitions: [{ partition: 1, currentLeaderEpoch: 6, fetchOffset: String(OFFSET), maxBytes: 7 }],
        },
      ],
      forgottenTopics: [{ topic: 'payments', partitions: [8] }],
      rackId: 'r',
    },
    body: {
      replicaId: -1,
      maxWaitMs: 1,
      minBytes: 2,
      maxBytes: 3,
      isolationLevel: 1,
      sessionId: 4,
      sessionEpoch: 5,
      topics: [
        {
          topic: 'orders',
          partitions: [
            {
              partition: 1,
              currentLeaderEpoch: 6,
              fetchOffset: OFFSET,
              logStartOffset: -1n,
              partitionMaxBytes: 7,
            },
          ],
        },
      ],
      forgottenTopicsData: [{ topic: 'payments', partitions: [8] }],
      rackId: 'r',
    },
  },
  FindCoordinator: {
    input: { coordinatorKey: 'g', groupId: 'g', coordinatorType: 1 },
    body: { key: 'g', keyType: 1 },
  },
  Heartbeat: {
    input: { groupId: 'g', groupGenerationId: 3, memberId: 'm', groupInstanceId: 'i' },
    body: { groupId: 'g', generationId: 3, memberId: 'm', groupInstanceId: 'i' },
  },
  InitProducerId: {
    input: { transactionalId: null, transactionTimeout: 3 },
    body: { transactionalId: null, transactionTimeoutMs: 3 },
  },
  JoinGroup: {
    input: {
      groupId: 'g',
      sessionTimeout: 1,
      rebalanceTimeout: 2,
      memberId: 'm',
      protocolType: 'consumer',
      groupProtocols: [{ name: 'RoundRobin', metadata: Buffer.from('bytes') }],
    },
    body: {
      groupId: 'g',
      sessionTimeoutMs: 1,
      rebalanceTimeoutMs: 2,
      memberId: 'm',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'RoundRobin', metadata: Buffer.from('bytes') }],
    },
  },
  LeaveGroup: {
    input: { groupId: 'g', memberId: 'm', members: [{ memberId: 'm' }] },
    body: { groupId: 'g', members: [{ memberId: 'm', groupInstanceId: null }] },
  },
  ListGroups: { input: undefined, body: {} },
  ListOffsets: {
    input: {
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ topic: 'orders', partitions: [{ partition: 1, timestamp: -2, maxNumOffsets: 1 }] }],
    },
    body: {
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 1, timestamp: -2n }] }],
    },
  },
  ListPartitionReassignments: {
    input: { topics: [{ topic: 'orders', partitions: [1] }], timeout: 3 },
    body: { timeoutMs: 3, topics: [{ name: 'orders', partitionIndexes: [1] }] },
  },
  Metadata: {
    input: { topics: ['orders', 'payments'], allowAutoTopicCreation: false },
    body: { topics: [{ name: 'orders' }, { name: 'payments' }], allowAutoTopicCreation: false },
  },
  OffsetCommit: {
    input: { groupId: 'g', groupGenerationId: 3, memberId: 'm', topics: offsets },
    body: { groupId: 'g', generationIdOrMemberEpoch: 3, memberId: 'm', topics: committed },
  },
  OffsetFetch: {
    input: { groupId: 'g', topics: [{ topic: 'orders', partitions: [{ partition: 1 }] }] },
    body: { groupId: 'g', topics: [{ name: 'orders', partitionIndexes: [1] }] },
  },
  Produce: {
    input: {
      acks: -1,
      timeout: 3,
      transactionalId: 't',
      ...producer,
      topicData: [
        {
          topic: 'orders',
          partitions: [
            { partition: 1, firstSequence: 5, messages: [{ key: 'k', value: 'v', timestamp: 1 }] },
          ],
        },
      ],
    },
    body: {
      transactionalId: 't',
      acks: -1,
      timeoutMs: 3,
      topicData: [{ name: 'orders', partitionData: [{ index: 1 }] }],
    },
  },
  SaslAuthenticate: {
    input: { authBytes: Buffer.from([0, 0, 0, 2, 1, 2]) },
    body: { authBytes: Buffer.from([1, 2]) },
  },
  SaslHandshake: { input: { mechanism: 'PLAIN' }, body: { mechanism: 'PLAIN' } },
  SyncGroup: {
    input: {
      groupId: 'g',
      generationId: 3,
      memberId: 'm',
      groupAssignment: [{ memberId: 'm', memberAssignment: Buffer.from('bytes') }],
    },
    body: {
      groupId: 'g',
      generationId: 3,
      memberId: 'm',
      groupInstanceId: null,
      assignments: [{ memberId: 'm', assignment: Buffer.from('bytes') }],
    },
  },
  TxnOffsetCommit: {
    input: { transactionalId: 't', groupId: 'g', ...producer, topics: offsets },
    body: { transactionalId: 't', groupId: 'g', producerId: PRODUCER, producerEpoch: 7, topics: committed },
  },
} as const satisfies Partial<Record<ApiName, KafkajsRequest>>
