import avro from 'avsc'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const order = avro.Type.forSchema({ type: 'record', name: 'Order', fields: [{ name: 'id', type: 'int' }] })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const bytes = order.toBuffer(JSON.parse(String(payload.message.value)))
    await effectOf(context, payload, `saved ${order.fromBuffer(bytes).id}`)
  })
