import { accepts } from '../../fidelity/differential/ports.ts'

export interface ProcessEnd {
  /** The process's name in messages. */
  readonly name: string
  /** The ports of 127.0.0.1 that it was to listen on. */
  readonly ports: readonly number[]
  /** How it ended, for example `code 1`. */
  readonly how: string
}

/**
 * Why a process of ours has ended by itself. A port was free when it was chosen: where somebody
 * listens there now that our process is gone, another one was quicker.
 */
export async function whyEnded({ name, ports, how }: ProcessEnd): Promise<string> {
  for (const port of ports) {
    const taken = await portTaken(name, port)
    if (taken !== null) return taken
  }
  return `${name} ended by itself (${how})`
}

/** One sentence where somebody listens on this port of 127.0.0.1 while our process does not run. */
export async function portTaken(name: string, port: number): Promise<string | null> {
  if (!(await accepts(`127.0.0.1:${port}`))) return null
  return `port ${port} of 127.0.0.1 is in use by another process, and ${name} can't listen there; type the command again, which takes other ports`
}
