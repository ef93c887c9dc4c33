import type { ClientPort } from '../client.interface.ts'
import {
  type Destination,
  type Listener,
  type PlatformaticMessage,
  positionOf,
  type Write,
  type WriteDone,
  type WriteSeveral,
} from './internals.ts'

/** Messages that a destination was handed and has not begun to write. */
export type Handed = WeakSet<object>

/**
 * Makes a stream's work on the messages that are piped into it observable: from its `_write` (or
 * `_writev`, `_transform`) to the callback of that. What waits in its buffer is not in work yet,
 * and what it hands on is for others to report.
 * @returns null for an older stream, which has no such method
 */
export function observeDestination(destination: Destination, group: string, port: ClientPort): Handed | null {
  const known = observedDestinations.get(destination)
  if (known !== undefined) return known
  const { _write: write, _writev: writeSeveral } = destination
  if (typeof write !== 'function') return null
  const handed: Handed = new WeakSet()
  observedDestinations.set(destination, handed)
  destination._write = observeWrite(write, { handed, group, port })
  if (typeof writeSeveral === 'function')
    destination._writev = observeWriteSeveral(writeSeveral, { handed, group, port })
  return handed
}

/** A pipe's own listener: it writes what it is called with. */
export function handing(listener: Listener, handed: Handed): Listener {
  return function (this: unknown, ...args) {
    handed.add(args[0] as object)
    return listener.apply(this, args)
  }
}

interface Taking {
  readonly handed: Handed
  readonly group: string
  readonly port: ClientPort
}

const observedDestinations = new WeakMap<Destination, Handed>()

function observeWrite(write: Write, taking: Taking): Write {
  return function (this: unknown, chunk, encoding, written) {
    const messages = taken([chunk], taking)
    if (messages.length === 0) write.call(this, chunk, encoding, written)
    else work(messages, taking, written, (done) => write.call(this, chunk, encoding, done))
  }
}

function observeWriteSeveral(writeSeveral: WriteSeveral, taking: Taking): WriteSeveral {
  return function (this: unknown, chunks, written) {
    const messages = taken(
      chunks.map(({ chunk }) => chunk),
      taking,
    )
    work(messages, taking, written, (done) => writeSeveral.call(this, chunks, done))
  }
}

function taken(chunks: readonly object[], { handed }: Taking): PlatformaticMessage[] {
  return chunks.filter((chunk): chunk is PlatformaticMessage => handed.delete(chunk))
}

function work(
  messages: readonly PlatformaticMessage[],
  { group, port }: Taking,
  written: WriteDone,
  write: (written: WriteDone) => unknown,
): void {
  const records = messages.map((message) => [positionOf(message)])
  const plans = records.map((each) => port.handlerStart(group, each, false))
  const later = (delaysUs: readonly number[], act: () => void): void => {
    const delayUs = Math.max(0, ...delaysUs)
    if (delayUs === 0) act()
    else port.sleep(delayUs).then(act)
  }
  const end = (error?: Error | null): void => {
    for (const each of records) {
      if (error) port.handlerFailure(group, each, false, error)
      else port.handlerEnd(group, each, false)
    }
    written(error)
  }
  later(
    plans.map(({ delayBeforeUs }) => delayBeforeUs),
    () =>
      write((error) =>
        later(
          plans.map(({ delayAfterUs }) => delayAfterUs),
          () => end(error),
        ),
      ),
  )
}
