import { UsageError } from '../../core/errors.ts'
import { BROKERS, demandRealOptions } from '../settings.ts'
import { brokersProvider } from './brokers.ts'
import { dockerProvider } from './docker.ts'
import { localProvider } from './local.ts'
import type { Provider } from './provider.interface.ts'
import { testcontainersProvider } from './testcontainers.ts'

const BY_NAME: Readonly<Record<string, Provider>> = {
  docker: dockerProvider,
  local: localProvider,
  testcontainers: testcontainersProvider,
}
/** The order in which providers are asked where none is named. */
const DEFAULTS = [dockerProvider, localProvider]

/**
 * The provider of this name, or the first that can be had here.
 * @throws UsageError `missing-provider`, which says what to install
 */
export async function chooseProvider(name: string | undefined): Promise<Provider> {
  if (name !== undefined) {
    demandRealOptions({ provider: name })
    const provider = name.startsWith(BROKERS) ? brokersProvider(name.slice(BROKERS.length)) : BY_NAME[name]
    if (provider === undefined) throw new Error(`the provider ${name} has no place`)
    const missing = await provider.missing()
    if (missing !== null) throw new UsageError('missing-provider', missing)
    return provider
  }
  const reasons: string[] = []
  for (const provider of DEFAULTS) {
    const missing = await provider.missing()
    if (missing === null) return provider
    reasons.push(missing)
  }
  throw new UsageError('missing-provider', `no real Kafka can be had here: ${reasons.join('; ')}`)
}
