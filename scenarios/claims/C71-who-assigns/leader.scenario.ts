import { AssignerProtocol, Kafka, logLevel, type PartitionAssigner } from 'kafkajs'
import { type AppContext, atLeastOnce, defineScenario } from 'onceover'

/** Gives everything to the member that it runs in, if that is the leader. */
const greedy: PartitionAssigner = ({ cluster }) => ({
  name: 'greedy',
  version: 1,
  assign: async ({ members, topics }) =>
    members.map(({ memberId }, index) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: Object.fromEntries(
          topics.map((topic) => [
            topic,
            index === 0 ? cluster.findTopicPartitionMetadata(topic).map((each) => each.partitionId) : [],
          ]),
        ),
        userData: Buffer.alloc(0),
      }),
    })),
  protocol: ({ topics }) => ({
    name: 'greedy',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
})

/** Two processes on two partitions, with an assignor of their own. */
export default defineScenario({
  name: 'C71 an assignor that gives one member everything',
  topics: { orders: { partitions: 2 } },
  records: { orders: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: consumeAll,
})

async function consumeAll(context: AppContext): Promise<void> {
  const { brokers, instance, effects } = context
  const kafka = new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: 'orders', partitionAssigners: [greedy] })
  process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)))
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { offset } }) =>
      effects.record({ topic, partition, offset }, 'saved'),
  })
}
