import type { Command } from './child.ts'

/** A client program of some library, as the same checks use it. */
export interface ClientProgram {
  readonly name: string
  /**
   * Sends the records, one a line of standard input, or all that `records` says where it takes
   * none.
   */
  producer(options: { bootstrap: string; topic: string; records: number }): ProducerCommand
  /**
   * A member of a group that prints each value in a line, from the first record on, until SIGTERM.
   */
  consumer(options: { bootstrap: string; topic: string; group: string }): Command
  /** Whether a member that leaves or must share has committed all that it printed. */
  readonly commitsBeforeRebalance: boolean
  /** More that this library's own programs do. */
  extras?(bootstrap: string, records: number): Promise<readonly string[]>
}

export interface ProducerCommand extends Command {
  readonly readsLines: boolean
}

/** Ready to run, or why not. */
export type Prepared =
  | { readonly client: ClientProgram }
  | { readonly name: string; readonly skipped: string }
