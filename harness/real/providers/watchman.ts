import { spawn } from 'node:child_process'

/**
 * Runs a command when this process ends without having dismissed it, however it ends: containers
 * outlive those who start them.
 */
export function watchman(command: readonly string[]): { dismiss(): void } {
  const child = spawn('/bin/sh', ['-c', 'read -r _ || exec "$@"', 'sh', ...command], {
    // A group of its own: what ends us is not to end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.on('error', () => {})
  child.unref()
  return { dismiss: () => void child.stdin.end('dismissed\n') }
}
