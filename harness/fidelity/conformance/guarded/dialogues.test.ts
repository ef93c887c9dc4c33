import { comparesWithRecorded } from '../testing/recorded.ts'
import { DIALOGUES } from './dialogues.ts'
import { onSimulation } from './play.ts'

comparesWithRecorded(
  'simulated brokers that demand SASL answer as Kafka did',
  DIALOGUES,
  await onSimulation(DIALOGUES),
)
