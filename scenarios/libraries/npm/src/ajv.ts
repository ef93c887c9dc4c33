import { Ajv } from 'ajv'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const validate = new Ajv().compile({
  type: 'object',
  properties: { id: { type: 'number' } },
  required: ['id'],
})

export default (context: AppContext) =>
  consume(context, async (payload) => {
    if (!validate(JSON.parse(String(payload.message.value)))) throw new Error('not an order')
    await effectOf(context, payload)
  })
