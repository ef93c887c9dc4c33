import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The service was rolled out before its topic, or a new topic fits its pattern: Kafka tells no
 * consumer and no producer of a topic that is new.
 */
export const topicLate: FaultBehaviour<'topic-late'> = {
  kind: 'topic-late',
  timing: 'next',
  prepare({ target }, workload) {
    workload.withhold(target)
  },
  begin({ target }, world) {
    if (!world.isWithheld(target)) return skipped(`the topic ${target} has to be there from the start`)
    return until(() => world.makeTopic(target))
  },
}
