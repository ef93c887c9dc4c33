import Joi from 'joi'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const order = Joi.object({ id: Joi.number().required() }).unknown()

export default (context: AppContext) =>
  consume(context, async (payload) => {
    await order.validateAsync(JSON.parse(String(payload.message.value)))
    await effectOf(context, payload)
  })
