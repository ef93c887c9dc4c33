import { generateKeyPairSync } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const token = jwt.sign({ order: String(payload.message.value) }, privateKey, { algorithm: 'ES256' })
    jwt.verify(token, publicKey)
    await effectOf(context, payload)
  })
