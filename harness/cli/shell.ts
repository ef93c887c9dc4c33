import type { ExitCode } from './exit.ts'

/** A stream that a command prints to; `isTTY` and `columns` as Node's streams have them. */
export interface ShellOutput {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** The signals by which a person or a CI job ends a command. */
export type Interrupt = 'SIGINT' | 'SIGTERM'

/** The surroundings of a command: its streams, environment and signals. Node's `process` is one. */
export interface Shell {
  readonly stdout: ShellOutput
  readonly stderr: ShellOutput
  readonly env: Readonly<Record<string, string | undefined>>
  on(signal: Interrupt, listener: () => void): unknown
  once(signal: Interrupt, listener: () => void): unknown
  /** Ends the program at once, with nothing more reported. */
  exit(code: ExitCode): unknown
}
