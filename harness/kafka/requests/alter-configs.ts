import { configsProblem } from '../log/topic-configs.ts'
import { type AnswerDraft, type ApiError, apiError, errorFields, NO_ERROR } from '../wire/index.ts'
import {
  BROKER_RESOURCE,
  CLIENT_METRICS_RESOURCE,
  GROUP_RESOURCE,
  TOPIC_RESOURCE,
} from './describe-configs.ts'
import { type ClientContext, servedAtOnce } from './handler.ts'
import { topicNameProblem } from './topic-names.ts'

export interface AlteredResource {
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

/** One resource's change in AlterConfigs and IncrementalAlterConfigs. */
interface Alteration<Resource extends AlteredResource> {
  readonly resources: readonly Resource[]
  readonly validateOnly: boolean
}

type Configs = ReadonlyMap<string, string>

/**
 * AlterConfigs (33), versions 0 to 2: what a topic or group is given takes the place of all it had.
 */
export const alterConfigs = servedAtOnce('AlterConfigs')({
  min: 0,
  max: 2,
  apply: (context) => alterEach(context, replace),
  refuse: ({ body }, errorCode) => refuseEach(body, errorCode),
})

function replace({ configs }: AlteredResource): Configs {
  return new Map(configs.map(({ name, value }) => [name, value ?? '']))
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

type Change<Resource> = (resource: Resource, given: Configs) => Configs | ApiError

/**
 * The common part of AlterConfigs and IncrementalAlterConfigs: the broker checks each resource by
 * itself, and the controller the rest.
 * @param change makes the new configuration
 * @param needsValue whether this change needs a value
 */
export function alterEach<Resource extends AlteredResource>(
  context: ClientContext & { readonly body: Alteration<Resource> },
  change: Change<Resource>,
  needsValue: (config: Resource['configs'][number]) => boolean = () => true,
): AnswerDraft<'AlterConfigs'> {
  const { resources } = context.body
  const isTwice = ({ resourceType, resourceName }: Resource): boolean =>
    resources.filter((each) => each.resourceType === resourceType && each.resourceName === resourceName)
      .length > 1
  return {
    responses: resources.map((resource) => {
      const { resourceType, resourceName } = resource
      const refusal = isTwice(resource)
        ? apiError('INVALID_REQUEST', 'Each resource must appear at most once.')
        : (brokerRefusal(context, resource, needsValue) ?? alter(context, resource, change))
      return { resourceType, resourceName, ...errorFields(refusal) }
    }),
  }
}

/** Why the broker does not hand this on to the controller, or null. */
function brokerRefusal<Resource extends AlteredResource>(
  { broker }: ClientContext,
  { resourceType, resourceName, configs }: Resource,
  needsValue: (config: Resource['configs'][number]) => boolean,
): ApiError | null {
  const refuse = (why: string): ApiError => apiError('INVALID_REQUEST', why)
  const names = configs.map(({ name }) => name)
  if (new Set(names).size < names.length) return refuse('Error due to duplicate config keys')
  const unset = configs.filter((config) => config.value === null && needsValue(config))
  if (unset.length > 0)
    return refuse(`Null value not supported for : ${unset.map(({ name }) => name).join(', ')}`)
  switch (resourceType) {
    case TOPIC_RESOURCE:
    case GROUP_RESOURCE:
      return null
    case CLIENT_METRICS_RESOURCE:
      return refuse('Simulated brokers take no subscriptions of client metrics.')
    case BROKER_RESOURCE:
      if (resourceName !== '' && !/^[+-]?\d+$/.test(resourceName))
        return refuse(`Node id must be an integer, but it is: ${resourceName}`)
      if (resourceName !== '' && Number(resourceName) !== broker.id)
        return refuse(`Unexpected broker id, expected ${broker.id}, but received ${resourceName}`)
      return refuse('The settings of simulated brokers cannot be changed.')
    default:
      return refuse(`Unknown resource type ${resourceType}`)
  }
}

function alter<Resource extends AlteredResource>(
  context: ClientContext & { readonly body: Alteration<Resource> },
  resource: Resource,
  change: Change<Resource>,
): ApiError {
  return resource.resourceType === GROUP_RESOURCE
    ? alterGroup(context, resource, change)
    : alterTopic(context, resource, change)
}

function alterGroup<Resource extends AlteredResource>(
  { cluster: { groupConfigs }, body }: ClientContext & { readonly body: Alteration<Resource> },
  resource: Resource,
  change: Change<Resource>,
): ApiError {
  const { resourceName: group } = resource
  if (group === '') return apiError('INVALID_REQUEST', 'Default group resources are not allowed.')
  const changed = change(resource, groupConfigs.of(group))
  if ('error' in changed) return changed
  const problem = groupConfigs.problem(changed)
  if (problem !== null) return apiError('INVALID_CONFIG', problem)
  if (!body.validateOnly) groupConfigs.replace(group, changed)
  return NO_ERROR
}

/** Values are looked at before whether there is such a topic. */
function alterTopic<Resource extends AlteredResource>(
  { cluster, body }: ClientContext & { readonly body: Alteration<Resource> },
  resource: Resource,
  change: Change<Resource>,
): ApiError {
  const { resourceName } = resource
  const topic = cluster.controller.topic(resourceName)
  const changed = change(resource, topic?.configs.given ?? NOTHING)
  if ('error' in changed) return changed
  if (resourceName === '') return apiError('INVALID_REQUEST', 'Default topic resources are not allowed.')
  const illegal = topicNameProblem(resourceName)
  if (illegal !== null) return apiError('INVALID_TOPIC_EXCEPTION', illegal)
  const problem = configsProblem(changed)
  if (problem !== null) return apiError('INVALID_CONFIG', problem)
  if (topic === undefined)
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resourceName}' does not exist.`)
  if (!body.validateOnly) cluster.controller.configure(topic, changed)
  return NO_ERROR
}

const NOTHING: Configs = new Map()
