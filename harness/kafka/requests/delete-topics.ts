import { NO_TOPIC_ID } from '../topics/topic-ids.ts'
import { type AnswerDraft, apiError, type ElementOf, errorFields } from '../wire/index.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'

interface WantedDeletion {
  readonly name: string | null
  readonly topicId: string
}

type DeletedTopic = ElementOf<AnswerDraft<'DeleteTopics'>['responses']>

/**
 * DeleteTopics (20), versions 0 to 6; by id from 6 on (KIP-516). Committed offsets of the topic go
 * with it (KAFKA.md O11), once the brokers have heard of it (L11).
 */
export const deleteTopics = servedAtOnce('DeleteTopics')({
  min: 0,
  max: 6,
  apply: (context) => {
    const all = wanted(context)
    const twice = (each: WantedDeletion): boolean => all.filter((other) => isSame(each, other)).length > 1
    return {
      // A topic that is named twice is refused once.
      responses: all
        .filter((each, index) => all.findIndex((other) => isSame(each, other)) === index)
        .flatMap((each) => {
          const result = twice(each)
            ? errorFields(apiError('INVALID_REQUEST', duplicateOf(each)))
            : remove(context, each, all)
          return result === null ? [] : [{ ...each, ...result }]
        }),
    }
  },
  refuse: (context, errorCode) => ({
    responses: wanted(context).map((each) => ({ ...each, errorCode, errorMessage: null })),
  }),
})

function wanted({ body, version }: RequestContext<'DeleteTopics'>): readonly WantedDeletion[] {
  if (version >= 6) return body.topics
  return body.topicNames.map((name) => ({ name, topicId: NO_TOPIC_ID }))
}

function isSame(one: WantedDeletion, other: WantedDeletion): boolean {
  return one.name === other.name && one.topicId === other.topicId
}

/** Null: nothing is said of it. */
function remove(
  { cluster, version }: RequestContext<'DeleteTopics'>,
  each: WantedDeletion,
  all: readonly WantedDeletion[],
): DeletedTopic | null {
  const { name, topicId } = each
  if (!cluster.settings['delete.topic.enable'])
    return errorFields(apiError(version < 3 ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED'))
  const named = name !== null
  const isGiven = topicId !== NO_TOPIC_ID
  if (named && isGiven)
    return errorFields(apiError('INVALID_REQUEST', 'You may not specify both topic name and topic id.'))
  if (!named && !isGiven)
    return errorFields(apiError('INVALID_REQUEST', 'Neither topic name nor id were specified.'))
  const known = named ? cluster.controller.topic(name) : cluster.topics.byId(topicId)
  if (known === undefined || cluster.controller.topic(known.name) !== known) {
    return errorFields(apiError(named ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_TOPIC_ID'))
  }
  if (known.isInternal) return { topicId: known.id, ...errorFields(apiError('INVALID_REQUEST')) }
  const both = all.some((other) =>
    named ? other.topicId === known.id : other.name === known.name && other.topicId === NO_TOPIC_ID,
  )
  // A topic that is both named and given by its id is refused by its name.
  if (both && !named) return null
  if (both) return { topicId: known.id, ...errorFields(apiError('INVALID_REQUEST')) }
  cluster.controller.delete(known.name, () => cluster.coordinators.forgetTopic(known.name))
  return { name: known.name, topicId: known.id, errorCode: 0, errorMessage: null }
}

function duplicateOf({ name }: WantedDeletion): string {
  return name === null ? 'Duplicate topic id.' : 'Duplicate topic name.'
}
