/**
 * The error that makes a test red. Its message is the story; of the stack only the line stays that
 * defined the test, so that editors and annotations point there.
 */
export class OnceoverFailure extends Error {
  constructor(message: string, place: string) {
    super(message)
    this.name = 'OnceoverFailure'
    this.stack = `${this.name}: ${message}\n${place}`
  }
}

/** The stack's line that called `callee`. */
export function placeOfCall(callee: (...args: never[]) => unknown): string {
  const here = new Error()
  Error.captureStackTrace(here, callee)
  return here.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? ''
}
