import { Producer, stringSerializers } from '@platformatic/kafka'
import { defineScenario, exactlyOnce } from 'onceover'
import { outputOf, startStreamTransform } from '../../platformatic/transform.ts'
import { INPUT, OUTPUT } from '../../transform.ts'

/** Sends the offsets in a transaction, and the output beside it. */
export default defineScenario({
  name: 'M25 on @platformatic/kafka: click counter sends its output outside the transaction',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) => {
    const plain = new Producer({
      clientId: `${context.instance}-plain`,
      bootstrapBrokers: [...context.brokers],
      serializers: stringSerializers,
    })
    return startStreamTransform(context, { send: (_, value) => plain.send(outputOf(value)) })
  },
})
