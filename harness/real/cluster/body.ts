import type { Body } from '../../kafka/index.ts'

/** The first of a list in an answer, or undefined. */
export function first(body: Body | undefined, list: string): Body | undefined {
  return (body?.[list] as Body[] | null | undefined)?.[0]
}
