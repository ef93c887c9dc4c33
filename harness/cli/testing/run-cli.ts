import { spawn } from 'node:child_process'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../../..')
export const SCENARIOS = 'harness/check/testing'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Called with all of standard error so far, and how to send a signal. */
  readonly onStderr?: OnOutput
  readonly onStdout?: OnOutput
}

type OnOutput = (soFar: string, signal: (name: NodeJS.Signals) => void) => void

/** The command line as a user's shell runs it, from the repository's root. */
export function runCli(
  args: readonly string[],
  { env = {}, onStderr, onStdout }: CliOptions = {},
): Promise<Ended> {
  const { GITHUB_ACTIONS: _, FORCE_COLOR: __, ...inherited } = process.env
  const child = spawn(process.execPath, ['--conditions=onceover-source', 'harness/cli/main.ts', ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onStdout?.(stdout, (name) => child.kill(name))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onStderr?.(stderr, (name) => child.kill(name))
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
