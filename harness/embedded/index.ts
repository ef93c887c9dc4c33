import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import vm from 'node:vm'
import { OnceoverFailure, placeOfCall } from '../check/failure.ts'
import type { Scenario } from '../core/scenario.ts'
import type { CheckOptions } from './check.ts'
import type { CheckResult } from './check-result.ts'

/**
 * Searches for a schedule that breaks the scenario's guarantee, in this process: for jest,
 * node:test, mocha, or a program. The scenario is a value, or the path of a file that exports one.
 * Searches run one at a time, also where several are asked for at once. What goes wrong with the
 * scenario is in the result.
 * @example
 * const { verdict, report } = await check('test/orders.scenario.ts', { runs: 500 })
 * @throws UsageError where an option is wrong, or the file has no scenario
 */
export function check(target: Scenario | string | URL, options: CheckOptions = {}): Promise<CheckResult> {
  return checkFor(target, options, callerFile())
}

/**
 * `check`, which rejects where the verdict is anything but `held`: the message is the report.
 * @example
 * test('orders are processed at least once', () => assertHeld('test/orders.scenario.ts'))
 */
export async function assertHeld(
  target: Scenario | string | URL,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const place = placeOfCall(assertHeld)
  const result = await checkFor(target, options, callerFile())
  if (result.verdict === 'held') return result
  throw new OnceoverFailure(result.report, place)
}

/** The harness is loaded when it is needed: scenarios import this module too. */
async function checkFor(...args: Parameters<CheckModule['checkHere']>): Promise<CheckResult> {
  const { checkHere } = inOwnRealm() ? await import('./check.ts') : loadOutside()
  return checkHere(...args)
}

type CheckModule = typeof import('./check.ts')

/** Whether globals here are those of the whole process: jest's test files have others. */
function inOwnRealm(): boolean {
  return vm.runInThisContext('globalThis') === globalThis
}

/** The harness in the realm of the process, whose globals a simulation patches. */
function loadOutside(): CheckModule {
  const { createRequire } = (vm.runInThisContext('process') as NodeJS.Process).getBuiltinModule('node:module')
  // It stands beside this module, compiled or not.
  return createRequire(import.meta.url)(
    import.meta.filename.replace(/index(\.\w+)$/, 'check$1'),
  ) as CheckModule
}

/** The first file outside this one on the stack. */
function callerFile(): string | null {
  for (const { scriptName } of getCallSites(8)) {
    const file = scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName
    if (file !== import.meta.filename && !file.startsWith('node:') && file !== '') return file
  }
  return null
}
