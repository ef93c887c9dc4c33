import { within } from './patch.ts'

type ErrorClass = abstract new (...args: never[]) => Error

const frameless: ErrorClass[] = []

/**
 * Errors of these classes carry no frames inside a simulated process. Clients make them by the
 * dozen for what is no error to anybody, and a stack costs more than all else of an error.
 */
export function dropFramesOf(errors: ErrorClass): void {
  frameless.push(errors)
}

export function patchStacks(): void {
  const patched = (): unknown => Reflect.get(Error, 'captureStackTrace')
  within(Error, 'captureStackTrace', (_process, [target, above = patched()], real) => {
    if (!frameless.some((each) => target instanceof each)) return real.call(Error, target, above)
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    real.call(Error, target, above)
    Error.stackTraceLimit = stackTraceLimit
    return undefined
  })
}
