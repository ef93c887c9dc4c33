import { configOf } from '../core/faults/topic-configured.ts'
import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** A topic has another configuration for a while: brokers obey it from now on. */
export const topicConfigured: FaultBehaviour<'topic-configured'> = {
  kind: 'topic-configured',
  timing: 'next',
  begin({ target, config }, world) {
    const { cluster } = world
    if (!cluster.topics().some(({ name }) => name === target)) return skipped(`there is no topic ${target}`)
    const { name, value } = configOf(config)
    const before = cluster.configureTopic(target, name, value)
    // Another fault may have set it, and takes it back: what it had before is not for this one.
    if (before === value) return skipped(`${target} had ${config} already`)
    return until(() => void cluster.configureTopic(target, name, before))
  },
}
