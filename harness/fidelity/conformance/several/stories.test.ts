import { comparesWithRecorded } from '../testing/recorded.ts'
import { onSimulation } from './play.ts'
import { STORIES } from './stories.ts'

comparesWithRecorded('three simulated brokers answer as Kafka did', STORIES, await onSimulation(STORIES))
