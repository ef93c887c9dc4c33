import type { Body } from '../wire/index.ts'

/** The first error code in an answer, wherever it stands, or 0. MEMBER_ID_REQUIRED is one. */
export function firstErrorCode(answer: Body): number {
  const { errorCode } = answer
  if (typeof errorCode === 'number' && errorCode !== 0) return errorCode
  for (const value of Object.values(answer)) {
    if (!Array.isArray(value)) continue
    for (const each of value as unknown[]) {
      if (typeof each !== 'object' || each === null) break
      const code = firstErrorCode(each as Body)
      if (code !== 0) return code
    }
  }
  return 0
}
