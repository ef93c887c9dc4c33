import { seconds } from '../seconds.ts'
import { fault, harness } from './fault.ts'
import { ms, oneOf } from './fields.ts'
import { topic } from './targets.ts'

const CONFIGS = ['retention.ms=1000', 'max.message.bytes=1'] as const

/** How long brokers wait between two looks for what is too old, and a little more. */
const LOOKED_FOR_MS = 330_000

/** An operator gives a topic another configuration, and takes it back. */
export const topicConfigured = fault({
  kind: 'topic-configured',
  family: 'operator',
  target: topic,
  fields: { config: oneOf(CONFIGS, () => CONFIGS), durationMs: ms(() => [LOOKED_FOR_MS, 60_000]) },
  acts: 'lasting',
  effect:
    'it has `config` for `durationMs`: records older than a second are deleted at the next look, or whatever is written is too large',
  words: ({ target, config }) => `configure the topic ${target} with ${config}`,
  afterwards: ({ durationMs }) => ` for ${seconds(durationMs)}`,
  told: ({ target, config }) => harness(`an operator configures the topic ${target} with ${config}`),
})

/** Name and value of a configuration. */
export function configOf(config: (typeof CONFIGS)[number]): {
  readonly name: string
  readonly value: string
} {
  const [name = '', value = ''] = config.split('=')
  return { name, value }
}
