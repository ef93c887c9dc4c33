import { describe, expect, it } from 'vitest'
import { Member } from './member.ts'
import { Roster } from './roster.ts'

/** A map of Java's with these keys goes from `a` to `o`, whichever came first. */
function rosterOf(...ids: readonly string[]): { roster: Roster; members: readonly Member[] } {
  const roster = new Roster()
  const members = ids.map((memberId) => memberOf(memberId))
  for (const member of members) roster.add(member)
  return { roster, members }
}

function memberOf(memberId: string): Member {
  return new Member({
    memberId,
    groupInstanceId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    peer: { process: 'consumer-0', incarnation: 1 },
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    protocolType: 'consumer',
    protocols: [],
  })
}

function join(...members: readonly (Member | undefined)[]): void {
  for (const member of members) if (member !== undefined) member.joining = () => {}
}

describe('the leader of a classic group', () => {
  it('is the first member, and where it goes, the first in a map of Java', () => {
    const { roster, members } = rosterOf('k', 'e', 'c', 'm')
    expect(roster.leader).toBe('k')
    for (const [left, next] of [
      [members[0], 'c'],
      [members[1], 'c'],
      [members[2], 'm'],
      [members[3], null],
    ] as const) {
      if (left !== undefined) roster.remove(left)
      expect(roster.leader).toBe(next)
    }
  })

  it('stays where it has joined', () => {
    const { roster, members } = rosterOf('k', 'e', 'c')
    join(...members)
    roster.chooseLeader()
    expect(roster.leader).toBe('k')
  })

  it('is the first in a map of Java of those that have joined, where it has not', () => {
    const { roster, members } = rosterOf('k', 'm', 'e', 'c')
    join(members[1], members[2])
    roster.chooseLeader()
    expect(roster.leader).toBe('e')
  })

  it('stays where none has joined', () => {
    const { roster } = rosterOf('k', 'c')
    roster.chooseLeader()
    expect(roster.leader).toBe('k')
  })
})
