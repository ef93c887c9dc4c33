import mongoose from 'mongoose'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const Order = mongoose.model('Order', new mongoose.Schema({ _id: String, body: String }))

export default async (context: AppContext) => {
  await mongoose.connect('mongodb://mongo:27017/shop')
  await consume(context, async (payload) => {
    await Order.updateOne({ _id: payload.message.offset }, { body: String(payload.message.value) }, { upsert: true })
    await effectOf(context, payload)
  })
}
