import type { AdminRequest } from '../admin-request.ts'
import { ACCESS } from './access.ts'
import { CLUSTER } from './cluster.ts'
import { CONFIGS } from './configs.ts'
import { GROUPS } from './groups.ts'
import { TOPICS } from './topics.ts'

export const REQUESTS: readonly AdminRequest[] = [...TOPICS, ...CONFIGS, ...ACCESS, ...GROUPS, ...CLUSTER]
