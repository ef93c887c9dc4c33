import { pbkdf2Sync } from 'node:crypto'
import { currentProcess } from '../../sim/ambient/current.ts'
import { answerPromise } from '../../sim/ambient/thread-pool.ts'

/** The exports of the library through which it works in Node's thread pool. */
export interface PoolUser {
  readonly compressionsAlgorithms: {
    readonly gzip: {
      compress(data: unknown): Promise<unknown>
      compressSync(data: unknown): unknown
    }
  }
  readonly saslScramSha: { readonly defaultCrypto: { hi: DeriveKey } }
}

type DeriveKey = (
  definition: { readonly keyLength: number; readonly algorithm: string },
  password: string,
  salt: Buffer,
  iterations: number,
) => Promise<Buffer>

/**
 * gzip of batches that are produced, and the keys of SCRAM: the library takes Node's functions for
 * both into variables of its own when it is loaded, which may be before they are replaced
 * (`sim/ambient/thread-pool.ts`). Inside a simulated process the same is done at once, and told as
 * an event of its own.
 */
export function workAtOnce({ compressionsAlgorithms: { gzip }, saslScramSha }: PoolUser): void {
  const { compress } = gzip
  gzip.compress = (data) => {
    const process = currentProcess()
    return process === undefined ? compress(data) : answerPromise(process, () => gzip.compressSync(data))
  }
  const { defaultCrypto } = saslScramSha
  const { hi } = defaultCrypto
  defaultCrypto.hi = (definition, password, salt, iterations) => {
    const process = currentProcess()
    if (process === undefined) return hi(definition, password, salt, iterations)
    const { keyLength, algorithm } = definition
    const key = (): Buffer => pbkdf2Sync(password, salt, iterations, keyLength, algorithm)
    return answerPromise(process, key) as Promise<Buffer>
  }
}
