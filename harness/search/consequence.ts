import { crash, crashOf } from '../core/faults/crash.ts'
import { requestName } from '../core/names.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'

/**
 * A commit that runs ahead is a loss that waits for a crash: if a crash right after it loses a
 * record, that is the counterexample to show. Otherwise the finding stays what it is.
 */
export async function consequence(
  prepared: PreparedScenario,
  { schedule, history }: RunResult,
  finding: Finding,
): Promise<{ readonly schedule: Schedule; readonly finding: Finding }> {
  const plain = { schedule, finding }
  if (finding.property !== 'commit-ahead' || !prepared.faultKinds.includes(crash.kind)) return plain
  const commit = history.events[finding.events.at(-1) ?? -1]
  if (commit?.kind !== 'commit') return plain
  const { process: target, ordinal, transactional } = commit
  const api = transactional ? 'TxnOffsetCommit' : 'OffsetCommit'
  // Once it is applied; or while it travels, before what it vouches for has got anywhere.
  for (const phase of ['applied', 'sent']) {
    const at = { event: `${requestName({ process: target, api, ordinal })} ${phase}` }
    const crashed = { ...schedule, faults: [...schedule.faults, crashOf(target, at)] }
    const { verdict } = await prepared.run(crashed, { stopAt: 'lost-record' })
    const lost = verdict.violations.find(({ property }) => property === 'lost-record')
    if (lost !== undefined) return { schedule: crashed, finding: lost }
  }
  return plain
}
