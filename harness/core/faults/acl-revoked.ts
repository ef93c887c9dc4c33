import { seconds } from '../seconds.ts'
import { outages } from './durations.ts'
import { fault, harness } from './fault.ts'
import { ms } from './fields.ts'
import { acl } from './targets.ts'

/**
 * This ACL is taken away for `durationMs`. Only where the scenario's setting `onceover.acls`
 * has it.
 */
export const aclRevoked = fault({
  kind: 'acl-revoked',
  family: 'access',
  target: acl,
  fields: { durationMs: ms(outages) },
  acts: 'lasting',
  spansSessions: true,
  effect: 'it is taken away for `durationMs`: what it allowed is refused',
  words: ({ target, durationMs }) => `take '${target}' away for ${seconds(durationMs)}`,
  told: ({ target }) => harness(`the ACL '${target}' is taken away`),
})
