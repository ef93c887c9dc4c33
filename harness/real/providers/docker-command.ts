import { spawn } from 'node:child_process'
import { RealClusterError } from '../cluster/errors.ts'

const LAST_WORDS = 400

export interface DockerOptions {
  /** The purpose, for the sentence that says that it failed. */
  readonly to: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly signal?: AbortSignal
}

/**
 * Runs `docker` with these arguments, and gives what it printed. It is in a group of its own, so
 * that Ctrl-C reaches us and not what is to clean up after us.
 * @throws RealClusterError with its last words
 */
export async function docker(
  args: readonly string[],
  { to, env = {}, input, signal }: DockerOptions,
): Promise<string> {
  const child = spawn('docker', args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const abort = (): void => void child.kill('SIGINT')
  signal?.addEventListener('abort', abort, { once: true })
  let [printed, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const code = await new Promise<number | null | string>((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', resolve)
  })
  signal?.removeEventListener('abort', abort)
  signal?.throwIfAborted()
  if (code !== 0)
    throw new RealClusterError(`Docker could not ${to}: ${said.trim().split('\n').at(-1) || code}`)
  return printed
}
