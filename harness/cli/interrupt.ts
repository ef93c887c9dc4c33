import { EXIT } from './exit.ts'

/**
 * The first Ctrl-C ends the search, which then reports; the second ends the program at once.
 * `print` gets a line that says so.
 */
export function stopOnInterrupt(print: (text: string) => void): AbortController {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.undecided)
    controller.abort()
    print('interrupted: ending the search; once more to end at once\n')
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller
}
