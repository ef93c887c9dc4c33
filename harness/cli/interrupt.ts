import { EXIT } from './exit.ts'
import type { Shell } from './shell.ts'

/**
 * The first Ctrl-C ends the search, which then reports; the second ends the program at once.
 * `print` gets a line that says so.
 */
export function stopOnInterrupt(shell: Shell, print: (text: string) => void): AbortController {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) return void shell.exit(EXIT.undecided)
    controller.abort()
    print('interrupted: ending the search; once more to end at once\n')
  }
  shell.on('SIGINT', stop)
  shell.on('SIGTERM', stop)
  return controller
}
