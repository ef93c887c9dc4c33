import type { AppContext } from 'onceover'
import protobuf from 'protobufjs'
import { consume, effectOf } from './consume.ts'

const { root } = protobuf.parse('syntax = "proto3"; message Order { int32 id = 1; }')
const Order = root.lookupType('Order')

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const bytes = Order.encode(JSON.parse(String(payload.message.value))).finish()
    await effectOf(context, payload, `saved ${Order.decode(bytes).toJSON()['id']}`)
  })
