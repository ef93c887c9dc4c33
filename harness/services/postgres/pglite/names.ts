import { message, terminated } from '../messages.ts'

/** The first two bytes say which statement or portal a message is about. */
export interface RenamedMessage {
  readonly bytes: Buffer
  /** The statement that a Parse message prepares; `''` has no name. */
  readonly prepares: string | null
  /** Whether a Bind message is for the statement without a name. */
  readonly bindsUnnamed: boolean
}

/** One frontend message, with the names of statements and portals those of this session alone. */
export function renamed(whole: Buffer, session: number): RenamedMessage {
  const type = String.fromCharCode(whole[0] ?? 0)
  const body = whole.subarray(5)
  const mine = (name: string): Buffer => Buffer.from(`${name === '' ? '' : ownName(session, name)}\0`)
  const as = (bytes: Buffer): RenamedMessage => ({ bytes, prepares: null, bindsUnnamed: false })
  switch (type) {
    case 'P': {
      const { text: name, end } = terminated(body)
      const bytes = message(type, Buffer.concat([mine(name), body.subarray(end)]))
      return { ...as(bytes), prepares: name }
    }
    case 'B': {
      const portal = terminated(body)
      const { text: name, end } = terminated(body, portal.end)
      const bytes = message(type, Buffer.concat([mine(portal.text), mine(name), body.subarray(end)]))
      return { ...as(bytes), bindsUnnamed: name === '' }
    }
    case 'D':
    case 'C':
      return as(message(type, Buffer.concat([body.subarray(0, 1), mine(terminated(body, 1).text)])))
    case 'E': {
      const { text: name, end } = terminated(body)
      return as(message(type, Buffer.concat([mine(name), body.subarray(end)])))
    }
    default:
      return as(whole)
  }
}

/** The name of a session's statement in the one session that there is. */
export function ownName(session: number, name: string): string {
  return `s${session}.${name}`
}
