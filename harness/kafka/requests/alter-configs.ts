import { configProblem } from '../log/topic-configs.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { BROKER_RESOURCE, TOPIC_RESOURCE } from './describe-configs.ts'
import { type ClientContext, code, servedAtOnce } from './handler.ts'
import { isLegalTopicName } from './metadata.ts'

export interface AlteredResource {
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

/** What AlterConfigs and IncrementalAlterConfigs ask for. */
interface Alteration<Resource extends AlteredResource> {
  readonly resources: readonly Resource[]
  readonly validateOnly: boolean
}

/** AlterConfigs (33), versions 0 to 2: what a topic is given takes the place of all it had. */
export const alterConfigs = servedAtOnce('AlterConfigs', {
  min: 0,
  max: 2,
  apply: (context) => alterEach(context, replace),
  refuse: ({ body }, errorCode) => refuseEach(body, errorCode),
})

function replace({ configs }: AlteredResource): ReadonlyMap<string, string> | ConfigRefusal {
  const changed = new Map<string, string>()
  for (const { name, value } of configs) {
    if (value === null) return new ConfigRefusal('INVALID_REQUEST', `Null value not supported for : ${name}`)
    changed.set(name, value)
  }
  return changed
}

/** Why a request for a topic's configuration is refused: error and message. */
export class ConfigRefusal {
  readonly error: string
  readonly message: string

  constructor(error: string, message: string) {
    this.error = error
    this.message = message
  }
}

export function refuseEach(
  { resources }: Alteration<AlteredResource>,
  errorCode: number,
): AnswerDraft<'AlterConfigs'> {
  return {
    responses: resources.map(({ resourceType, resourceName }) => ({
      resourceType,
      resourceName,
      errorCode,
      errorMessage: null,
    })),
  }
}

/** What AlterConfigs and IncrementalAlterConfigs do alike; `change` makes the topic's new configuration. */
export function alterEach<Resource extends AlteredResource>(
  context: ClientContext & { readonly body: Alteration<Resource> },
  change: (
    resource: Resource,
    given: ReadonlyMap<string, string>,
  ) => ReadonlyMap<string, string> | ConfigRefusal,
): AnswerDraft<'AlterConfigs'> {
  const { resources } = context.body
  const isTwice = ({ resourceType, resourceName }: Resource): boolean =>
    resources.filter((each) => each.resourceType === resourceType && each.resourceName === resourceName)
      .length > 1
  return {
    responses: resources.map((resource) => {
      const { resourceType, resourceName } = resource
      const refusal = isTwice(resource)
        ? new ConfigRefusal('INVALID_REQUEST', 'Each resource must appear at most once.')
        : alter(context, resource, change)
      return {
        resourceType,
        resourceName,
        errorCode: code(refusal?.error ?? 'NONE'),
        errorMessage: refusal?.message ?? null,
      }
    }),
  }
}

function alter<Resource extends AlteredResource>(
  { cluster, body }: ClientContext & { readonly body: Alteration<Resource> },
  resource: Resource,
  change: (
    resource: Resource,
    given: ReadonlyMap<string, string>,
  ) => ReadonlyMap<string, string> | ConfigRefusal,
): ConfigRefusal | null {
  const { resourceType, resourceName, configs } = resource
  if (resourceType === BROKER_RESOURCE)
    return new ConfigRefusal('INVALID_REQUEST', 'The settings of simulated brokers cannot be changed.')
  if (resourceType !== TOPIC_RESOURCE)
    return new ConfigRefusal('INVALID_REQUEST', `Unexpected resource type ${resourceType}.`)
  const names = configs.map(({ name }) => name)
  if (new Set(names).size < names.length)
    return new ConfigRefusal('INVALID_REQUEST', 'Error due to duplicate config keys')
  if (!isLegalTopicName(resourceName))
    return new ConfigRefusal('INVALID_TOPIC_EXCEPTION', 'Topic name is invalid')
  const topic = cluster.topics.atController(resourceName)
  if (topic === undefined) return new ConfigRefusal('UNKNOWN_TOPIC_OR_PARTITION', 'The topic does not exist.')
  const changed = change(resource, topic.configs.given)
  if (changed instanceof ConfigRefusal) return changed
  for (const [name, value] of changed) {
    const problem = configProblem(name, value)
    if (problem !== null) return new ConfigRefusal('INVALID_CONFIG', problem)
  }
  if (!body.validateOnly) cluster.topics.configure(topic, changed)
  return null
}
