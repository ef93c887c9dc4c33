import net from 'node:net'
import { createChance } from '../../core/seed.ts'
import type {
  Connection,
  ProcessEvent,
  SimProcess,
  SimProcessHandle,
  Simulation,
  SimulationOptions,
} from '../simulation.interface.ts'
import { createSimulation } from '../simulation.ts'

export const EPOCH_MS = 1_735_689_600_000

export interface Room {
  readonly simulation: Simulation
  /** Lines of virtual milliseconds and words. */
  readonly log: string[]
  say(text: string): void
}

/** A simulation that writes down what happens; every message takes one virtual millisecond. */
export function room(options: Partial<SimulationOptions> = {}): Room {
  const log: string[] = []
  const say = (text: string): void => void log.push(`${(simulation.nowUs / 1000).toFixed(0)} ${text}`)
  const simulation: Simulation = createSimulation({
    chance: createChance('room'),
    epochMs: EPOCH_MS,
    latency: { lowUs: 1_000, highUs: 1_000 },
    restartMs: 1_000,
    onProcess: (event) => say(wordsOf(event)),
    ...options,
  })
  return { simulation, log, say }
}

function wordsOf(event: ProcessEvent): string {
  const words = `${event.process.name} ${event.kind}`
  if (event.kind === 'crashed') return `${words}: ${event.reason}`
  return event.kind === 'exited' ? `${words} ${event.code}${event.asked ? ' as asked' : ''}` : words
}

export async function runFor({ simulation }: Room, seconds: number): Promise<void> {
  await simulation.run({ until: () => false, deadlineUs: simulation.nowUs + seconds * 1_000_000 })
}

/** The output of `main` and its process within that many virtual seconds. */
export async function inProcess(
  main: (room: Room, process: SimProcess) => unknown,
  { seconds = 60, ...options }: { readonly seconds?: number } & Partial<SimulationOptions> = {},
): Promise<string[]> {
  const made = room(options)
  made.simulation.spawn('p', (process) => main(made, process))
  await runFor(made, seconds)
  made.simulation.dispose()
  return made.log.filter((line) => !line.endsWith('p started'))
}

/**
 * Runs `main` in a process, and something that happens to the process after 2.5 virtual seconds.
 */
export async function actedUpon(
  act: (handle: SimProcessHandle, room: Room) => void,
  main: (room: Room, process: SimProcess) => unknown,
  seconds = 30,
): Promise<string[]> {
  const made = room()
  const handle = made.simulation.spawn('p', (process) => main(made, process))
  made.simulation.after(2_500_000, () => act(handle, made))
  await runFor(made, seconds)
  made.simulation.dispose()
  return made.log
}

/** A server that says what it hears and answers it. */
export function listenAndEcho({ simulation, say }: Room): Connection[] {
  const open: Connection[] = []
  simulation.network.listen('broker', 9092, (connection) => {
    open.push(connection)
    connection.onData = (bytes) => {
      say(`server got ${bytes}`)
      connection.write(Buffer.from(`re:${bytes}`))
    }
    connection.onEnd = () => {
      say('server end')
      connection.end()
    }
    connection.onClose = () => say('server closed')
  })
  return open
}

const TOLD = ['connect', 'ready', 'data', 'end', 'finish', 'drain', 'timeout', 'error', 'close']

/** A socket that says everything that it hears. */
export function talkative(
  say: (text: string) => void,
  options: net.NetConnectOpts = { host: 'broker', port: 9092 },
  names: readonly string[] = TOLD,
): net.Socket {
  const socket = net.connect(options)
  for (const name of names) {
    socket.on(name, (value?: unknown) => {
      const words = value instanceof Error ? (value as NodeJS.ErrnoException).code : value
      say(words === undefined ? name : `${name} ${String(words)}`)
    })
  }
  return socket
}
