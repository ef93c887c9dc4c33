import { Console } from 'node:console'
import fs from 'node:fs'
import process from 'node:process'
import { Writable } from 'node:stream'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { isFunction, within } from './patch.ts'

type StreamName = 'stdout' | 'stderr'
const DESCRIPTORS: ReadonlyMap<unknown, StreamName> = new Map([
  [1, 'stdout'],
  [2, 'stderr'],
])

/**
 * Sends the output of simulated code to `onConsole`, if there is one: nothing is formatted that
 * nobody reads.
 */
export function patchOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    within(process[name], 'write', (simulated, args) => {
      print(simulated, name, args[0])
      const done = args.at(-1)
      if (typeof done === 'function') process.nextTick(done)
      return true
    })
  }
  // A process closes its own streams: the real ones are those of the harness.
  for (const name of ['stdout', 'stderr'] as const)
    for (const end of ['end', 'destroy']) within(process[name], end, () => process[name])
  patchConsole()
  within(process, '_rawDebug', (simulated, args) =>
    print(simulated, 'stderr', `${args.map(String).join(' ')}\n`),
  )
  within(fs, 'writeSync', (simulated, args, real) => {
    const name = DESCRIPTORS.get(args[0])
    if (name === undefined) return real.apply(fs, args)
    print(simulated, name, args[1])
    return sizeOf(args[1])
  })
}

/** True where the descriptor is one of the two that are printed to. */
export function printToDescriptor(simulated: Proc, descriptor: unknown, chunk: unknown): boolean {
  const name = DESCRIPTORS.get(descriptor)
  if (name !== undefined) print(simulated, name, chunk)
  return name !== undefined
}

export function sizeOf(chunk: unknown): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk) : (chunk as Uint8Array).byteLength
}

function print(simulated: Proc, stream: StreamName, chunk: unknown): void {
  const { onConsole } = simulated.host
  if (onConsole === undefined || !simulated.alive) return
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString()
  onConsole(simulated, stream, text)
}

/** One console stands for all simulated processes: it prints for the one that is running. */
function patchConsole(): void {
  const sink = (name: StreamName): Writable =>
    new Writable({
      decodeStrings: false,
      write(chunk: unknown, _encoding, done) {
        const simulated = currentProcess()
        if (simulated !== undefined) print(simulated, name, chunk)
        done()
      },
    })
  const simulatedConsole: object = new Console({
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    colorMode: false,
  })
  for (const [name, value] of Object.entries(console)) {
    const print: unknown = Reflect.get(simulatedConsole, name)
    if (typeof value !== 'function' || !isFunction(print) || name === 'Console') continue
    within(console, name, ({ host }, args) => (host.onConsole === undefined ? undefined : print(...args)))
  }
}
