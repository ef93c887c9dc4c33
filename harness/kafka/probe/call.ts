import { type AnswerBody, type ApiName, type Body, errorName } from '../wire/index.ts'

/** One request and what became of it. */
export class Call<Api extends ApiName> {
  readonly api: Api
  readonly version: number
  /** Null while there is no answer. */
  body: AnswerBody<Api> | null = null

  constructor(api: Api, version: number) {
    this.api = api
    this.version = version
  }

  get pending(): boolean {
    return this.body === null
  }

  /** @throws Error while there is no answer */
  get answer(): AnswerBody<Api> {
    if (this.body === null) throw new Error(`${this.api} has not been answered`)
    return this.body
  }

  /** The name of the error at the answer's top. */
  get error(): string {
    const answer: Body = this.answer
    return errorName(Number(answer.errorCode))
  }

  /** The names of all errors in the answer, its lists included, in order. */
  get errors(): string[] {
    return codesIn(this.answer).map((code) => errorName(code))
  }
}

function codesIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(codesIn)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return []
  const own = 'errorCode' in value && typeof value.errorCode === 'number' ? [value.errorCode] : []
  return [
    ...own,
    ...Object.values(value)
      .filter((each) => Array.isArray(each))
      .flatMap(codesIn),
  ]
}
