import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import type { AppContext } from '../core/scenario.ts'

/**
 * Names that are looked up in any object, to see what it is: by `await`, by `JSON.stringify`, by
 * code that copies, merges or compares objects.
 */
const NO_CLUSTERS: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'length',
  'size',
  'asymmetricMatch',
  'lift',
  'nodeType',
  'pipe',
  'subscribe',
])

/** Others, such as `$$typeof`, name no cluster. */
const CLUSTER_NAME = /^[a-z][\w-]*$/i

/**
 * The context of a process with the addresses of its clusters. Where there are several, it has to
 * name the one that it means; where there is one, it has no name.
 * @param misused ends the run, whatever the app makes of the error that it throws
 */
export function withClusters<Context extends object>(
  context: Context,
  { brokers, clusters }: Pick<AppContext, 'brokers' | 'clusters'>,
  { process, misused }: { readonly process: string; misused(error: UsageError): void },
): Context & Pick<AppContext, 'brokers' | 'clusters'> {
  const names = Object.keys(clusters)
  const wrong = (what: string): never => {
    const error = new UsageError('bad-scenario', `${process} asks for ${what}`)
    misused(error)
    throw error
  }
  const instead = (name: string): string =>
    names.length === 0
      ? `the scenario has one cluster; take context.brokers, or write clusters: { ${name}: { topics: … }, … } in it`
      : `there is no such cluster; ${didYouMean(name, names) ?? `there are ${names.join(', ')}`}`
  const told = {
    ...context,
    brokers,
    clusters: new Proxy(clusters, {
      get(known, name, self) {
        const isMeant =
          typeof name === 'string' && CLUSTER_NAME.test(name) && !NO_CLUSTERS.has(name) && !(name in known)
        return isMeant
          ? wrong(`context.clusters.${name}, and ${instead(name)}`)
          : Reflect.get(known, name, self)
      },
    }),
  }
  if (names.length === 0) return told
  // Not enumerable, so that a copy of the context does not ask for it.
  Object.defineProperty(told, 'brokers', {
    enumerable: false,
    get: () =>
      wrong(
        `context.brokers, and there are the clusters ${names.join(', ')}; write context.clusters.${names[0]}.brokers`,
      ),
  })
  return told
}
