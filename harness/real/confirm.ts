import type { ToCheck } from '../check/check.ts'
import { readCounterexample } from '../check/counterexample-file.ts'
import { scenarioOf } from '../check/replay.ts'
import type { Confirmation, ConfirmationTry } from '../core/confirmation.ts'
import type { ScenarioResult } from '../core/result.ts'
import { messageOf } from './cluster/errors.ts'
import { chooseProvider } from './providers/choose.ts'
import { KeptProvider } from './providers/kept.ts'
import type { Provider } from './providers/provider.interface.ts'
import { type RealTarget, replayOnCluster } from './replay.ts'
import { demandRealOptions, RELEASE_DEFAULT, type ReplayOnRealOptions, TIMES_DEFAULT } from './settings.ts'

/**
 * Replays a file that `onceover check` wrote on a real Kafka, for a test of one's own.
 * @throws UsageError, RealClusterError in one sentence
 */
export async function replayOnReal(file: string, options: ReplayOnRealOptions): Promise<Confirmation> {
  demandRealOptions(options)
  const provider = await chooseProvider(options.provider)
  const counterexample = readCounterexample(file)
  const { scenario, scenarioFile } = await scenarioOf(file, counterexample, true)
  return replayWith(provider, { counterexample, scenario, file: scenarioFile }, options)
}

async function replayWith(
  provider: Provider,
  target: RealTarget,
  { times = TIMES_DEFAULT, release = RELEASE_DEFAULT, hurry = true, ...options }: ConfirmOptions,
): Promise<Confirmation> {
  const { signal = new AbortController().signal, progress = () => {}, onStart = () => () => {} } = options
  const shown = { progress, onTry: onStart() }
  const { confirmation } = await replayOnCluster(target, {
    provider,
    times,
    release,
    hurry,
    lanes: 1,
    signal,
    ...shown,
  })
  return confirmation
}

interface ConfirmOptions extends ReplayOnRealOptions {
  readonly signal?: AbortSignal | undefined
  /** One line about what is being waited for. */
  progress?(line: string): void
  /** The tries of a counterexample begin; returns the listener to each. */
  onStart?(): (tried: ConfirmationTry, done: number) => void
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
   * is, and where a cluster fails that is a remark: what a search has found is not lost.
   */
  async confirmed(result: ScenarioResult, { scenario, file }: ToCheck): Promise<ScenarioResult> {
    const { counterexample, remarks } = result
    if (counterexample === null || this.#options.signal?.aborted === true) return result
    try {
      const target = { counterexample: counterexample.content, scenario, file }
      const confirmation = await replayWith(this.#provider, target, this.#options)
      return { ...result, counterexample: { ...counterexample, confirmation } }
    } catch (error) {
      return {
        ...result,
        remarks: [...remarks, `It could not be tried on a real Kafka: ${messageOf(error)}.`],
      }
    }
  }

  /** A cluster that can't be taken away is told, and changes no result. */
  close(): Promise<void> {
    return this.#provider.close().catch((error: unknown) => this.#options.progress?.(messageOf(error)))
  }
}
