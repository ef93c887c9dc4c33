import { seconds } from '../seconds.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { link } from './targets.ts'

/** New connections between the two hosts are refused while it lasts. */
export const linkRefuse = fault({
  kind: 'link-refuse',
  family: 'network',
  target: link,
  fields: { durationMs: ms(({ retriedInVainMs }) => [retriedInVainMs]) },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'new connections are refused for `durationMs`',
  words: ({ target, durationMs }) => `refuse connections of ${target} for ${seconds(durationMs)}`,
  told: ({ target }) => network(`new connections of ${target} are refused`),
})
