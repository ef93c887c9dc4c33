import type { Behaviour } from '../steps.ts'
import { ACLS } from './acls.ts'
import { ADMIN } from './admin.ts'
import { CONSUMER_GROUPS } from './consumer-groups.ts'
import { GROUPS } from './groups.ts'
import { LOGS } from './logs.ts'
import { OFFSETS } from './offsets.ts'
import { PRODUCERS } from './producers.ts'
import { QUOTAS } from './quotas.ts'
import { SCRAM } from './scram.ts'
import { STATE } from './state.ts'
import { TRANSPORT } from './transport.ts'

export const BEHAVIOURS: readonly Behaviour[] = [
  ...TRANSPORT,
  ...GROUPS,
  ...OFFSETS,
  ...PRODUCERS,
  ...LOGS,
  ...CONSUMER_GROUPS,
  ...QUOTAS,
  ...ACLS,
  ...ADMIN,
  ...SCRAM,
  ...STATE,
]
