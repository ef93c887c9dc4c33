import { describe, expectTypeOf, it } from 'vitest'
import { code, served, servedAtOnce } from '../requests/handler.ts'
import type { BodyOf, DraftOf } from './body.ts'
import { type AnswerDraft, encodeRequest, type RequestBody, type RequestDraft } from './frames.ts'

// The compiler is what tests here: a line under `@ts-expect-error` that compiles is an error of
// `npm run types`.

describe('types that are read out of a table', () => {
  type Table = `
    name string 0+
    count int32 2-3 =-1
    id uuid 1+
    offset int64 0+
    data bytes 0+ null:0+ =null
    ratio float64 0+
    one {} 0+
      flag bool 0+
    many [] 1+ null:1+
      inner [] 0+
        deep int8 0+
      after string 0+
    numbers []int32 0+
  `

  it('each type of the notation, lists, structures and null; what follows a structure is not in it', () => {
    interface Expected {
      readonly name: string
      readonly count: number
      readonly id: string
      readonly offset: bigint
      readonly data: Buffer | null
      readonly ratio: number
      readonly one: { readonly flag: boolean }
      readonly many:
        | readonly { readonly inner: readonly { readonly deep: number }[]; readonly after: string }[]
        | null
      readonly numbers: readonly number[]
    }
    expectTypeOf<BodyOf<Table>>().toEqualTypeOf<Expected>()
  })

  it('a draft may leave out what it likes', () => {
    expectTypeOf<{ one: Record<never, never> }>().toExtend<DraftOf<Table>>()
    expectTypeOf<{ many: { inner: { deep: string }[] }[] }>().not.toExtend<DraftOf<Table>>()
  })

  it('every request has a type: none is never, and none is anything', () => {
    expectTypeOf<
      RequestBody<'Fetch'>['topics'][number]['partitions'][number]['fetchOffset']
    >().toEqualTypeOf<bigint>()
    expectTypeOf<RequestBody<'Metadata'>['topics']>().not.toBeAny()
    expectTypeOf<AnswerDraft<'DescribeAcls'>['errorCode']>().toEqualTypeOf<number | undefined>()
  })
})

describe('a misspelt field does not compile', () => {
  it('in a request that is read', () => {
    servedAtOnce('Heartbeat')({
      min: 0,
      max: 4,
      // @ts-expect-error it is groupId
      apply: ({ body }) => ({ errorCode: body.groupID === '' ? 1 : 0 }),
      refuse: (_context, errorCode) => ({ errorCode }),
    })
  })

  it('in a request that is sent, and a value of another type', () => {
    const draft: RequestDraft<'Heartbeat'> = { groupId: 'g' }
    const sent = { version: 0, correlationId: 1, clientId: null }
    // @ts-expect-error it is groupId
    encodeRequest({ ...sent, api: 'Heartbeat', body: { groupID: 'g' } })
    const generationId = 'x'
    // @ts-expect-error generations are numbers
    encodeRequest({ ...sent, api: 'Heartbeat', body: { ...draft, generationId } })
  })

  it('in an answer, however deep, even where it is made by a function', () => {
    served('Heartbeat')({
      min: 0,
      max: 4,
      handler: () => ({
        // @ts-expect-error it is errorCode
        apply: (answer) => answer({ error: 0 }),
        // @ts-expect-error it is errorCode
        refuse: (error) => ({ errorcode: code(error) }),
      }),
    })
    servedAtOnce('ListOffsets')({
      min: 0,
      max: 1,
      apply: ({ body }) => ({
        // @ts-expect-error there is no partitionId in a partition of the answer
        topics: body.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, partitionId: 1 })),
        })),
      }),
      refuse: (_context, errorCode) => ({ topics: [{ partitions: [{ errorCode }] }] }),
    })
  })
})
