import { readCounterexample } from '../check/counterexample-file.ts'
import { scenarioOf } from '../check/replay.ts'
import type { Confirmation } from '../core/confirmation.ts'
import { isWrongUse } from '../core/errors.ts'
import type { ScenarioResult } from '../core/result.ts'
import { RealClusterError } from './cluster/errors.ts'
import { chooseProvider } from './providers/choose.ts'
import { KeptProvider } from './providers/kept.ts'
import type { Provider } from './providers/provider.interface.ts'
import { replayOnCluster } from './replay.ts'
import { RELEASE_DEFAULT, type ReplayOnRealOptions, TIMES_DEFAULT } from './settings.ts'

/**
 * Replays a file that `onceover check` wrote on a real Kafka, for a test of one's own.
 * @throws UsageError, RealClusterError in one sentence
 */
export async function replayOnReal(file: string, options: ReplayOnRealOptions): Promise<Confirmation> {
  return replayWith(await chooseProvider(options.provider), file, options)
}

async function replayWith(
  provider: Provider,
  file: string,
  { times = TIMES_DEFAULT, release = RELEASE_DEFAULT, hurry = true, signal }: ConfirmOptions,
): Promise<Confirmation> {
  const counterexample = readCounterexample(file)
  const { scenario, scenarioFile } = await scenarioOf(file, counterexample, true)
  const quiet = { progress: () => {}, onTry: () => {} }
  const { confirmation } = await replayOnCluster(
    { counterexample, scenario, file: scenarioFile },
    { provider, times, release, hurry, lanes: 1, signal: signal ?? new AbortController().signal, ...quiet },
  )
  return confirmation
}

interface ConfirmOptions extends ReplayOnRealOptions {
  readonly signal?: AbortSignal | undefined
}

/** Confirms what a check finds, on one cluster that goes on running between scenarios. */
export class Confirmer {
  readonly #options: ConfirmOptions
  readonly #provider: KeptProvider

  private constructor(options: ConfirmOptions, provider: Provider) {
    this.#options = options
    this.#provider = new KeptProvider(provider)
  }

  /** @throws UsageError where there is nobody to provide a cluster */
  static async open(options: ConfirmOptions): Promise<Confirmer> {
    return new Confirmer(options, await chooseProvider(options.provider))
  }

  /**
   * The same result, with what a real cluster said of its counterexample. Its verdict stays as it
   * is.
   */
  async confirmed(result: ScenarioResult): Promise<ScenarioResult> {
    const { counterexample, remarks } = result
    if (counterexample?.file == null || this.#options.signal?.aborted === true) return result
    try {
      const confirmation = await replayWith(this.#provider, counterexample.file, this.#options)
      return { ...result, counterexample: { ...counterexample, confirmation } }
    } catch (error) {
      if (!(error instanceof RealClusterError || isWrongUse(error))) throw error
      return { ...result, remarks: [...remarks, `It was not confirmed on a real Kafka: ${error.message}.`] }
    }
  }

  close(): Promise<void> {
    return this.#provider.close()
  }
}
