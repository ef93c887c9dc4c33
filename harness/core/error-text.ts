import { inspect } from 'node:util'

/**
 * `TypeError: x is not a function`; of what is thrown without being an error, its name and message,
 * or its content.
 */
export function errorText(error: unknown): string {
  try {
    return textOf(error)
  } catch {
    // Its getters or its proxy throw.
    return 'an error that cannot be read'
  }
}

function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { name, message } = error as { readonly name?: unknown; readonly message?: unknown }
  if (typeof message === 'string' && message !== '')
    return cut(`${typeof name === 'string' && name !== '' ? name : 'Error'}: ${message}`, MESSAGE_MAX)
  if (error instanceof Error) return cut(`${error.name}: ${error.message}`, MESSAGE_MAX)
  return inspect(error, { depth: 2, breakLength: Number.POSITIVE_INFINITY }).slice(0, TEXT_MAX)
}

const TEXT_MAX = 200
/** Messages that quote a payload are kept to this: each run keeps all that it hears of. */
const MESSAGE_MAX = 2_000

/** The text, or as many of its characters as there may be, and an ellipsis. */
export function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)}…`
}

/** The code of an error, as Node gives its own one: `ENOENT`; null where it has none. */
export function errorCode(error: unknown): string | null {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  return hasCode && typeof error.code === 'string' ? error.code : null
}
