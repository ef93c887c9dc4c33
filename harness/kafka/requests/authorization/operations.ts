import { CLUSTER_NAME, OPERATIONS, SUPPORTED } from '../../access/acl.ts'
import type { ClientContext } from '../handler.ts'
import { askingOf } from './authorized.ts'

/**
 * The client's permitted operations on a resource, as the bits of an answer (KIP-430); all
 * operations without ACLs.
 */
export function operationsOn(
  context: Pick<ClientContext, 'cluster' | 'peer' | 'authenticator'>,
  type: keyof typeof SUPPORTED,
  name: string,
): number {
  const { authorizer } = context.cluster
  const may = (operation: keyof typeof OPERATIONS): boolean =>
    authorizer === null || authorizer.allows(askingOf(context), operation, type, name)
  // A client that may not describe the cluster is told of no operation.
  if (type === 'Cluster' && name === CLUSTER_NAME && !may('Describe')) return 0
  return SUPPORTED[type].filter(may).reduce((bits, operation) => bits | (1 << OPERATIONS[operation]), 0)
}
