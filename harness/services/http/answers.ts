import { STATUS_CODES } from 'node:http'

export interface AnswerOptions {
  readonly isHead: boolean
  readonly keepsAlive: boolean
  readonly keepAliveMs: number
  /** Virtual Unix time in milliseconds. */
  readonly nowMs: number
}

const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
])

/** The bytes of a response, as a server of Node sends them: with its length, and the time. */
export async function answerBytes(
  response: Response,
  { isHead, keepsAlive, keepAliveMs, nowMs }: AnswerOptions,
): Promise<Buffer> {
  const { status } = response
  const body = Buffer.from(await response.arrayBuffer())
  const text = response.statusText === '' ? (STATUS_CODES[status] ?? 'Unknown') : response.statusText
  const lines = [`HTTP/1.1 ${status} ${text}`]
  for (const [name, value] of response.headers) if (!OWN_HEADERS.has(name)) lines.push(`${name}: ${value}`)
  if (!response.headers.has('date')) lines.push(`date: ${new Date(nowMs).toUTCString()}`)
  if (status !== 204 && status !== 304) lines.push(`content-length: ${body.length}`)
  lines.push(`connection: ${keepsAlive ? 'keep-alive' : 'close'}`)
  if (keepsAlive) lines.push(`keep-alive: timeout=${Math.floor(keepAliveMs / 1000)}`)
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return isHead || status === 204 || status === 304 ? head : Buffer.concat([head, body])
}
