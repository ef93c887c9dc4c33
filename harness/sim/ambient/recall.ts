import crypto from 'node:crypto'
import type { Proc } from '../process.ts'

/** A run is repeated soon after it, or never. */
const KEPT = 20_000
const kept = new Map<string, unknown>()
/** Taken before it is replaced. */
const { createHash } = crypto

/**
 * Values that OpenSSL draws from its own chance: keys, and signatures with a random part. The first
 * run that asks makes the value; a later run that asks for the same at the same draw of the same
 * process gets the same value.
 */
export function recall<Value>(
  { random }: Proc,
  name: string,
  args: readonly unknown[],
  make: () => Value,
): Value {
  const key = `${name} ${random.bits32()} ${random.bits32()} ${fingerprint(args)}`
  if (kept.has(key)) return kept.get(key) as Value
  const value = make()
  for (const oldest of kept.keys()) {
    if (kept.size < KEPT) break
    kept.delete(oldest)
  }
  kept.set(key, value)
  return value
}

function fingerprint(value: unknown): string {
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (ArrayBuffer.isView(value))
    return hashOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  if (value instanceof ArrayBuffer) return hashOf(new Uint8Array(value))
  if (value instanceof CryptoKey) return fingerprint(crypto.KeyObject.from(value))
  if (value instanceof crypto.KeyObject) return hashOf(bytesOf(value))
  return Object.entries(value)
    .map(([key, each]) => `${key}:${fingerprint(each)}`)
    .join()
}

function bytesOf(key: crypto.KeyObject): Uint8Array {
  if (key.type === 'secret') return key.export() as Buffer
  const type = key.type === 'public' ? 'spki' : 'pkcs8'
  return (key.export as (how: object) => Buffer).call(key, { format: 'der', type })
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
