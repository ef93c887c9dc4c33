import { jwtVerify, SignJWT } from 'jose'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const secret = new TextEncoder().encode('a secret of thirty-two characters')

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const token = await new SignJWT({ order: String(payload.message.value) })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(secret)
    await jwtVerify(token, secret)
    await effectOf(context, payload)
  })
