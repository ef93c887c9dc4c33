import {
  type AnswerBody,
  decodeAssignment,
  encodeAssignment,
  encodeSubscription,
  inHashMapOrder,
} from '../../kafka/index.ts'
import { answerTo, type Call, type Line } from '../../kafka/probe/index.ts'
import { deepError, topError } from './answers.ts'
import { type Generation, PARTITIONS, REBALANCE_MS, SESSION_MS, type Step } from './script.ts'
import { type ScriptRun, SETTLE_MS } from './script-run.ts'

const PATIENT_MS = 20_000

/** A member of the script's classic group, on a connection of its own. */
interface ScriptMember {
  line: Line
  id: string
  generation: number
  instance: string | null
  leads: boolean
  /** Ids of all members, as the leader is told them. */
  members: readonly string[]
  /** The answer has not been looked at. */
  pending:
    | { readonly what: 'join'; readonly call: Call<'JoinGroup'> }
    | { readonly what: 'sync'; readonly call: Call<'SyncGroup'> }
    | null
}

/** The member that a request comes from. */
export interface RequestIdentity {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
}

/** Steps of members of classic groups, which the script knows by numbers. */
export class ScriptMembers {
  readonly #run: ScriptRun
  readonly #members: Map<number, ScriptMember> = new Map()

  constructor(run: ScriptRun) {
    this.#run = run
  }

  /** The connection of a member. */
  lineOf(number: number): Line {
    return this.#member(number).line
  }

  /** The id and the generation of a member that need not exist. */
  find(number: number): Pick<ScriptMember, 'id' | 'generation'> | undefined {
    return this.#members.get(number)
  }

  identity(number: number, which: Generation): RequestIdentity {
    const { id, generation, instance } = this.#member(number)
    const shift = { own: 0, older: -1, newer: 1 }[which]
    return {
      groupId: this.#run.group,
      memberId: id,
      groupInstanceId: instance,
      generationId: generation + shift,
    }
  }

  /** A connection takes one request at a time: what waits on it is awaited first, and told. */
  async free(number: number): Promise<string> {
    const member = this.#member(number)
    return member.pending === null ? '' : `(${await this.#awaited(member)}) `
  }

  await(number: number): Promise<string> {
    return this.#awaited(this.#member(number))
  }

  async join(step: Extract<Step, { do: 'join' }>): Promise<string> {
    const waited = await this.free(step.member)
    const member = this.#member(step.member)
    if (step.as === 'new') member.id = ''
    member.instance = step.instance === undefined ? null : `i${step.instance}`
    const { group, topic } = this.#run
    const body = {
      groupId: group,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: step.patient === true ? PATIENT_MS : REBALANCE_MS,
      memberId: step.as === 'unknown' ? 'nobody' : member.id,
      groupInstanceId: member.instance,
      protocolType: 'consumer',
      protocols: [{ name: step.protocol, metadata: encodeSubscription({ version: 0, topics: [topic] }) }],
    }
    const first = await this.#settled(member, member.line.call('JoinGroup', step.version, body))
    if (first === null) return `${waited}waits`
    if (topError(first) !== 'MEMBER_ID_REQUIRED') return `${waited}${await this.#awaited(member)}`
    member.id = first.memberId
    const named = { ...body, memberId: member.id }
    const second = await this.#settled(member, member.line.call('JoinGroup', step.version, named))
    return `${waited}MEMBER_ID_REQUIRED, then ${second === null ? 'waits' : await this.#awaited(member)}`
  }

  async #settled(member: ScriptMember, call: Call<'JoinGroup'>): Promise<AnswerBody<'JoinGroup'> | null> {
    member.pending = { what: 'join', call }
    await this.#run.target.wait(SETTLE_MS, () => !call.pending)
    return call.body
  }

  async sync(step: Extract<Step, { do: 'sync' }>): Promise<string> {
    const waited = await this.free(step.member)
    const member = this.#member(step.member)
    const call = member.line.call('SyncGroup', step.version, {
      ...this.identity(step.member, step.generation),
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: member.leads ? this.#assignments(member) : [],
    })
    member.pending = { what: 'sync', call }
    await this.#run.target.wait(SETTLE_MS, () => !call.pending)
    return `${waited}${call.pending ? 'waits' : await this.#awaited(member)}`
  }

  /** One partition each, in the order of the script's numbers. */
  #assignments({ members }: ScriptMember): { readonly memberId: string; readonly assignment: Buffer }[] {
    const numberOf = (id: string): number =>
      [...this.#members].find(([, member]) => member.id === id)?.[0] ?? this.#members.size
    const { topic } = this.#run
    return members
      .toSorted((one, other) => numberOf(one) - numberOf(other))
      .map((memberId, index) => ({
        memberId,
        assignment: encodeAssignment(index < PARTITIONS ? [{ topic, partitions: [index] }] : []),
      }))
  }

  async succession({ leader, others }: Extract<Step, { do: 'succession' }>): Promise<string> {
    await this.leave({ do: 'leave', member: leader, version: 3 })
    for (const member of others)
      await this.join({ do: 'join', member, as: 'self', protocol: 'range', patient: true, version: 5 })
    for (const member of others) await this.await(member)
    const members = others.map((number) => this.#member(number))
    const order = inHashMapOrder(members.map(({ id }) => id))
    const places = members.flatMap(({ id, leads }) => (leads ? [order.indexOf(id) + 1] : []))
    return places.length === 0 ? 'none of them leads' : `number ${places.join(', ')} of ${order.length} leads`
  }

  async heartbeat(step: Extract<Step, { do: 'heartbeat' }>): Promise<string> {
    const waited = await this.free(step.member)
    const body = this.identity(step.member, step.generation)
    return `${waited}${topError(await this.#run.ask('Heartbeat', step.version, body, this.lineOf(step.member)))}`
  }

  async leave(step: Extract<Step, { do: 'leave' }>): Promise<string> {
    const waited = await this.free(step.member)
    const { id, instance, line } = this.#member(step.member)
    const body = {
      groupId: this.#run.group,
      memberId: id,
      members: [{ memberId: step.expelled === true ? '' : id, groupInstanceId: instance }],
    }
    return `${waited}${deepError(await this.#run.ask('LeaveGroup', step.version, body, line))}`
  }

  /** After a restart of the broker. */
  reconnect(): void {
    for (const member of this.#members.values()) this.#reconnect(member)
  }

  close(): void {
    for (const { line } of this.#members.values()) line.close()
  }

  /** The answer to the member's JoinGroup or SyncGroup. */
  async #awaited(member: ScriptMember): Promise<string> {
    const { pending, line } = member
    if (pending === null) return 'nothing to wait for'
    const on = { line, waiter: this.#run.target }
    member.pending = null
    if (pending.what === 'sync') {
      const answer = await answerTo(on, pending.call)
      return 'failed' in answer ? this.#failed(member, answer.failed) : this.#synced(answer)
    }
    const answer = await answerTo(on, pending.call)
    return 'failed' in answer ? this.#failed(member, answer.failed) : joined(member, answer)
  }

  #failed(member: ScriptMember, failed: 'CLOSED' | 'NO_ANSWER'): string {
    this.#reconnect(member)
    return failed === 'CLOSED' ? 'closed' : 'no answer'
  }

  #synced(answer: AnswerBody<'SyncGroup'>): string {
    const error = topError(answer)
    if (error !== 'NONE') return error
    const { assignment } = answer
    if (this.#run.countsOnly) return `assigned ${partitionsIn(assignment)} partitions`
    return `assigned ${assignment.length === 0 ? 'nothing' : [...assignment.subarray(-8)].join('.')}`
  }

  #reconnect(member: ScriptMember): void {
    member.line.close()
    member.line = this.#run.connect()
    member.pending = null
  }

  #member(number: number): ScriptMember {
    const known = this.#members.get(number)
    if (known !== undefined) return known
    const line = this.#run.connect()
    const made: ScriptMember = {
      line,
      id: '',
      generation: -1,
      instance: null,
      leads: false,
      members: [],
      pending: null,
    }
    this.#members.set(number, made)
    return made
  }
}

/** The member goes on with what it was told. */
function joined(member: ScriptMember, answer: AnswerBody<'JoinGroup'>): string {
  const error = topError(answer)
  if (error !== 'NONE') return error
  member.id = answer.memberId
  member.generation = answer.generationId
  member.leads = answer.leader === member.id
  member.members = answer.members.map(({ memberId }) => memberId)
  const skips = answer.skipAssignment ? ', skips' : ''
  const size = member.leads ? `, leads ${member.members.length}${skips}` : ''
  return `generation ${member.generation} of ${answer.protocolName}${size}`
}

function partitionsIn(assignment: Buffer): number {
  return (decodeAssignment(assignment) ?? []).reduce((sum, { partitions }) => sum + partitions.length, 0)
}
