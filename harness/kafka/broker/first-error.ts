import { isConstantAnswer } from '../wire/encode-answer.ts'
import { type Body, isBody } from '../wire/index.ts'

/** The first error code in an answer, wherever it stands, or 0. MEMBER_ID_REQUIRED is one. */
export function firstErrorCode(answer: Body): number {
  return isConstantAnswer(answer) ? 0 : firstIn(answer)
}

function firstIn(body: Body): number {
  const { errorCode } = body
  if (typeof errorCode === 'number' && errorCode !== 0) return errorCode
  for (const name in body) {
    const value: unknown = body[name]
    if (!Array.isArray(value)) continue
    const list: readonly unknown[] = value
    for (const each of list) {
      if (!isBody(each)) break
      const code = firstIn(each)
      if (code !== 0) return code
    }
  }
  return 0
}
