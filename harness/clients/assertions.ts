import { subscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { ASSERTION_CHANNEL, type AssertionCall } from '../core/assertion.ts'
import type { ClientPort, PortFinder } from './client.interface.ts'

/** Longer details than this are cut: the history keeps them. */
const DETAILS_MAX = 400

const observed = new WeakSet<PortFinder>()
/** Calls of each incarnation that were reported. */
const told = new WeakMap<ClientPort, Set<string>>()

/**
 * Reports the assertions of the app, of each incarnation only the first true and the first false
 * call of each: what comes after them says nothing new.
 */
export function observeAssertions(portOf: PortFinder): void {
  if (observed.has(portOf)) return
  observed.add(portOf)
  subscribe(ASSERTION_CHANNEL, (call) => {
    const port = portOf()
    if (port !== undefined) report(port, call as AssertionCall)
  })
}

function report(port: ClientPort, { assertion, condition, message, details }: AssertionCall): void {
  const known = told.get(port) ?? new Set<string>()
  told.set(port, known)
  const key = `${assertion} ${condition} ${message}`
  if (known.has(key)) return
  known.add(key)
  const { name: process, incarnation } = port.process
  port.observe({
    kind: 'assertion',
    assertion,
    message,
    condition,
    ...(details === undefined ? {} : { details: textOf(details) }),
    process,
    incarnation,
  })
}

function textOf(details: unknown): string {
  const text = inspect(details, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
  return text.length > DETAILS_MAX ? `${text.slice(0, DETAILS_MAX)}…` : text
}
