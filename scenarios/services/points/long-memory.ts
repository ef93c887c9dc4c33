import { givePoints } from './consumer.ts'

/** A week, as long as the topic keeps its records. */
await givePoints(7 * 86_400)
