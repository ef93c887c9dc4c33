import crypto from 'node:crypto'
import { nativeWork } from './native-work.ts'
import { within } from './patch.ts'
import { recall } from './recall.ts'

/** Of webcrypto, what draws from chance. */
const SUBTLE_BY_CHANCE: ReadonlySet<string> = new Set([
  'generateKey',
  'sign',
  'encrypt',
  'wrapKey',
  'encapsulateBits',
  'encapsulateKey',
])
const BY_CHANCE = [
  'generateKeyPairSync',
  'generateKeySync',
  'generatePrimeSync',
  'publicEncrypt',
  'encapsulate',
]

/** The data that each `Sign` object was given. */
const given = new WeakMap<object, crypto.Hash>()
const { createHash } = crypto

/** Webcrypto, and what OpenSSL draws from chance: keys, and signatures with a random part. */
export function patchKeys(): void {
  const { subtle } = crypto.webcrypto
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(subtle))) {
    if (name === 'constructor') continue
    within(subtle, name, (process, args, real) => {
      const work = (): PromiseLike<unknown> => real.apply(subtle, args) as PromiseLike<unknown>
      return nativeWork(process, () =>
        SUBTLE_BY_CHANCE.has(name) ? recall(process, `subtle.${name}`, args, work) : work(),
      )
    })
  }
  for (const name of BY_CHANCE)
    within(crypto, name, (process, args, real) => recall(process, name, args, () => real.apply(crypto, args)))
  within(crypto, 'sign', (process, args, real) =>
    recall(process, 'sign', args, () => real.apply(crypto, args)),
  )
  within(crypto.ECDH.prototype, 'generateKeys', (process, [encoding, format], real, self) => {
    const pair = self as crypto.ECDH
    const secret = recall(process, 'ECDH', [], () => {
      real.call(pair)
      return pair.getPrivateKey()
    })
    pair.setPrivateKey(secret)
    return pair.getPublicKey(encoding as 'hex', format as 'compressed')
  })
  within(crypto.Sign.prototype, 'update', (_process, args, real, self) => {
    const signer = self as object
    const hash = given.get(signer) ?? createHash('sha256')
    given.set(signer, hash.update(args[0] as string))
    return real.apply(self, args)
  })
  within(crypto.Sign.prototype, 'sign', (process, args, real, self) => {
    const data = given.get(self as object)?.digest('base64')
    return recall(process, 'Sign', [data, ...args], () => real.apply(self, args))
  })
}
