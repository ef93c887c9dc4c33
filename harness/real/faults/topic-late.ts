import { skipped, until } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const topicLate: Translation<'topic-late'> = {
  kind: 'topic-late',
  grade: 'exact',
  means: 'CreateTopics at its end, or CreatePartitions where the app has made it meanwhile',
  begin({ target }, world) {
    if (!world.isWithheld(target)) return skipped(`the topic ${target} has to be there from the start`)
    return until(() => world.busy.add(() => world.makeTopic(target)))
  },
}
