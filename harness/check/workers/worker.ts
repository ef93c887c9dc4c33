import { parentPort, workerData } from 'node:worker_threads'
import { HarnessError } from '../../core/errors.ts'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { loadScenarioFile } from '../../scenario/load.ts'
import { prepareRuns } from '../../scenario/prepare.ts'
import { type Trial, tryOut } from '../../search/trial.ts'
import { baseFile } from '../base-file.ts'
import { beat } from '../heartbeat.ts'
import { plainError, type WorkerMessage, type WorkerSetup, type WorkerTask } from './messages.ts'

/** A thread that runs trials of one scenario, one after the other. */
async function work(): Promise<void> {
  if (parentPort === null) throw new HarnessError('this module is for worker threads')
  const port = parentPort
  const tell = (told: WorkerMessage): void => port.postMessage(told)
  const { task, stop, beats } = workerData as WorkerSetup
  beat(beats)
  const prepared = await prepare(task)
  let last: Promise<void> = Promise.resolve()
  port.on('message', (trial: Trial) => {
    last = last
      .then(() => tryOut(prepared, trial, () => Atomics.load(stop, 0) !== 0))
      .then(
        (tried) => tell({ kind: 'tried', tried }),
        (error: unknown) => tell({ kind: 'failed', error: plainError(error) }),
      )
  })
  tell({ kind: 'ready' })
}

async function prepare({ file, name, learnt }: WorkerTask): Promise<Pick<PreparedScenario, 'run'>> {
  const loaded = await loadScenarioFile(file)
  const found = loaded.find(({ scenario }) => scenario.name === name)
  if (found === undefined) throw new HarnessError(`${file} no longer exports a scenario named '${name}'`)
  return prepareRuns(found.scenario, { file: baseFile(found.scenario, file), learnt })
}

work().catch((error: unknown) => {
  const told: WorkerMessage = { kind: 'broken', error: plainError(error) }
  parentPort?.postMessage(told)
})
