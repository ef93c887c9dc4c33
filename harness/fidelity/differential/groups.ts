import { deepError, offsetsIn } from './answers.ts'
import type { ScriptMembers } from './members.ts'
import { PARTITIONS, type Step } from './script.ts'
import type { ScriptRun } from './script-run.ts'

/** Steps about the script's group as a whole: its offsets, its state, its end. */
export class GroupSteps {
  readonly #run: ScriptRun
  readonly #members: ScriptMembers

  constructor(run: ScriptRun, members: ScriptMembers) {
    this.#run = run
    this.#members = members
  }

  async commit(step: Extract<Step, { do: 'commit' }>): Promise<string> {
    const { member, generation, version } = step
    const topics = [offsetOf(this.#run.topic, step)]
    if (member === null) {
      const body = { groupId: this.#run.group, memberId: '', generationIdOrMemberEpoch: -1, topics }
      return deepError(await this.#run.ask('OffsetCommit', version, body))
    }
    const waited = await this.#members.free(member)
    const { generationId, ...identity } = this.#members.identity(member, generation)
    const body = { ...identity, generationIdOrMemberEpoch: generationId, topics }
    const answer = await this.#run.ask('OffsetCommit', version, body, this.#members.lineOf(member))
    return `${waited}${deepError(answer)}`
  }

  async offsets({ all, version }: Extract<Step, { do: 'offsets' }>): Promise<string> {
    const { group: groupId, topic } = this.#run
    const partitionIndexes = Array.from({ length: PARTITIONS }, (_, index) => index)
    const topics = all ? null : [{ name: topic, partitionIndexes }]
    const body = version < 8 ? { groupId, topics } : { groups: [{ groupId, topics }] }
    const answer = await this.#run.ask('OffsetFetch', version, { ...body, requireStable: true })
    const error = deepError(answer)
    return error === 'NONE' ? `committed ${offsetsIn(answer, 'committedOffset')}` : error
  }

  async describe(version: number): Promise<string> {
    const answer = await this.#run.ask('DescribeGroups', version, { groups: [this.#run.group] })
    if ('failed' in answer) return answer.failed
    const [group] = answer.groups
    return `${deepError(answer)} ${group?.groupState} ${group?.protocolData} members ${group?.members.length}`
  }

  async delete(): Promise<string> {
    return deepError(await this.#run.ask('DeleteGroups', 1, { groupsNames: [this.#run.group] }))
  }
}

/** One offset to commit, as requests have it. */
export function offsetOf(
  topic: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
) {
  const one = { partitionIndex: partition, committedOffset: BigInt(offset), committedMetadata: null }
  return { name: topic, partitions: [one] }
}
