import { decodeSubscription } from '../wire/index.ts'
import type { Member, Protocol } from './member.ts'

/** Each with the protocols that it supports, the preferred one first. */
type MemberProtocols = ReadonlyMap<string, { readonly protocols: readonly Protocol[] }>

function allSupport(members: MemberProtocols, name: string): boolean {
  for (const { protocols } of members.values()) {
    if (!protocols.some((each) => each.name === name)) return false
  }
  return true
}

/** Whether one of these protocols is known to every member. */
export function someSupportedByAll(members: MemberProtocols, protocols: readonly Protocol[]): boolean {
  return protocols.some(({ name }) => allSupport(members, name))
}

/**
 * Each member votes for the first protocol of its list that all support; the one with the most
 * votes, or null.
 */
export function chooseProtocol(members: MemberProtocols): string | null {
  const votes = new Map<string, number>()
  for (const { protocols } of members.values()) {
    const vote = protocols.find(({ name }) => allSupport(members, name))?.name
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1)
  }
  let chosen: string | null = null
  for (const [name, count] of votes) if (chosen === null || count > (votes.get(chosen) ?? 0)) chosen = name
  return chosen
}

/** The topics that consumers subscribe to, or null where that cannot be known. */
export function subscribedTopics(
  members: ReadonlyMap<string, Member>,
  protocol: string | null,
): ReadonlySet<string> | null {
  const topics = new Set<string>()
  for (const member of members.values()) {
    const subscription = decodeSubscription(member.metadataFor(protocol))
    if (subscription === null) return null
    for (const topic of subscription.topics) topics.add(topic)
  }
  return topics
}
