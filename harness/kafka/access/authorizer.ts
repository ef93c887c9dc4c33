import { keysOf } from '../../core/lists.ts'
import type { Settings } from '../settings.ts'
import {
  type Acl,
  type AclFilter,
  ALLOW,
  covers,
  DENY,
  isMatch,
  LITERAL,
  OPERATIONS,
  type Operation,
  PREFIXED,
  parseAcls,
  RESOURCES,
  type ResourceType,
  WILDCARD,
} from './acl.ts'

/** The sender of a request. */
export interface Requester {
  readonly principal: string
  readonly host: string
}

const EVERYBODY = 'User:*'
const { All, Describe, DescribeConfigs, Read, Write, Delete, Alter, AlterConfigs } = OPERATIONS
/** An ACL that allows one of these allows the key, too; one that denies it does not. */
const IMPLIED: Readonly<Record<number, readonly number[]>> = {
  [Describe]: [Read, Write, Delete, Alter],
  [DescribeConfigs]: [AlterConfigs],
}

/**
 * Decides what principals may do (Kafka's StandardAuthorizer): super users everything; others what
 * an ACL allows them and none denies. A resource without ACLs is denied to all others, or allowed
 * to all with `allow.everyone.if.no.acl.found`.
 */
export class Authorizer {
  readonly #superUsers: ReadonlySet<string>
  readonly #everyoneElse: boolean
  #acls: readonly Acl[]

  constructor(settings: Settings) {
    this.#superUsers = new Set(settings['super.users'].split(';').map((each) => each.trim()))
    this.#everyoneElse = settings['allow.everyone.if.no.acl.found']
    this.#acls = parseAcls(settings['onceover.acls'])
  }

  /** Whether these brokers ask anybody. */
  static isWanted(settings: Settings): boolean {
    return settings['authorizer.class.name'] !== '' || settings['onceover.acls'] !== ''
  }

  allows({ principal, host }: Requester, operation: Operation, type: ResourceType, name: string): boolean {
    if (this.#superUsers.has(principal)) return true
    const about = this.#acls.filter((acl) => acl.resourceType === RESOURCES[type] && covers(acl, name))
    if (about.length === 0) return this.#everyoneElse
    const mine = about.filter((acl) => isAbout(acl, { principal, host }))
    const code = OPERATIONS[operation]
    if (mine.some((acl) => acl.permissionType === DENY && isOf(acl, code))) return false
    return mine.some(
      (acl) =>
        acl.permissionType === ALLOW && (isOf(acl, code) || IMPLIED[code]?.includes(acl.operation) === true),
    )
  }

  /**
   * Whether there is any resource of this type for which it is allowed, whatever its name
   * (KIP-679).
   */
  allowsSome(asking: Requester, operation: Operation, type: ResourceType): boolean {
    // Super users, and names that nobody has thought of.
    if (this.allows(asking, operation, type, 'hardcode')) return true
    const mine = this.#acls.filter(
      (acl) =>
        acl.resourceType === RESOURCES[type] && isAbout(acl, asking) && isOf(acl, OPERATIONS[operation]),
    )
    const denied = mine.filter(({ permissionType }) => permissionType === DENY)
    if (denied.some(isWildcard)) return false
    return mine
      .filter(({ permissionType }) => permissionType === ALLOW)
      .some((acl) => isWildcard(acl) || !denied.some((other) => dominates(other, acl)))
  }

  list(filter: AclFilter): readonly Acl[] {
    return this.#acls.filter((acl) => isMatch(filter, acl))
  }

  /** One that is there already is not added again. */
  add(acl: Acl): void {
    if (!this.#acls.some((each) => isSame(each, acl))) this.#acls = [...this.#acls, acl]
  }

  /** @returns those that are gone */
  remove(filter: AclFilter): readonly Acl[] {
    const gone = this.list(filter)
    this.#acls = this.#acls.filter((acl) => !gone.includes(acl))
    return gone
  }

  /** Takes away what `parseAcls` has read; whether it was there. */
  removeSame(acl: Acl): boolean {
    const before = this.#acls.length
    this.#acls = this.#acls.filter((each) => !isSame(each, acl))
    return this.#acls.length < before
  }
}

function isAbout(acl: Acl, { principal, host }: Requester): boolean {
  if (acl.principal !== principal && acl.principal !== EVERYBODY) return false
  return acl.host === WILDCARD || acl.host === host
}

function isOf({ operation }: Acl, code: number): boolean {
  return operation === All || operation === code
}

function isWildcard({ patternType, resourceName }: Acl): boolean {
  return patternType === LITERAL && resourceName === WILDCARD
}

/** Whether what the first one denies is all that the second one allows. */
function dominates(denying: Acl, allowing: Acl): boolean {
  if (denying.patternType === PREFIXED) return allowing.resourceName.startsWith(denying.resourceName)
  return allowing.patternType === LITERAL && denying.resourceName === allowing.resourceName
}

function isSame(one: Acl, other: Acl): boolean {
  return keysOf(one).every((key) => one[key] === other[key])
}
