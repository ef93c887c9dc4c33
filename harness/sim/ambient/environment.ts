import fs from 'node:fs'
import { parseEnv } from 'node:util'
import { currentProcess } from './current.ts'
import { within } from './patch.ts'

/**
 * `process.env` inside a simulated process: its own variables over the real ones; what it writes
 * dies with it, and what it has read does not change.
 */
export function patchEnvironment(): void {
  const realEnv = process.env
  const own = (name: string | symbol): { readonly value: string | undefined } | undefined => {
    const env = currentProcess()?.env
    return env !== undefined && typeof name === 'string' && name in env ? { value: env[name] } : undefined
  }
  const names = (): (string | symbol)[] => {
    const env = currentProcess()?.env ?? {}
    const all = new Set([...Reflect.ownKeys(realEnv), ...Object.keys(env)])
    return [...all].filter((name) => typeof name !== 'string' || !(name in env) || env[name] !== undefined)
  }
  process.env = new Proxy(realEnv, {
    get(target, name) {
      const env = currentProcess()?.env
      if (env === undefined || typeof name !== 'string') return Reflect.get(target, name)
      // Node asks the operating system each time, and clients ask for each line that they do not
      // log.
      if (!(name in env)) env[name] = target[name]
      return env[name]
    },
    has(target, name) {
      const found = own(name)
      return found === undefined ? Reflect.has(target, name) : found.value !== undefined
    },
    set(target, name, value) {
      const env = currentProcess()?.env
      if (env === undefined || typeof name !== 'string') return Reflect.set(target, name, value)
      env[name] = String(value)
      return true
    },
    deleteProperty(target, name) {
      const env = currentProcess()?.env
      if (env === undefined || typeof name !== 'string') return Reflect.deleteProperty(target, name)
      env[name] = undefined
      return true
    },
    ownKeys: names,
    getOwnPropertyDescriptor(target, name) {
      const found = own(name)
      if (found === undefined) return Reflect.getOwnPropertyDescriptor(target, name)
      if (found.value === undefined) return undefined
      return { configurable: true, enumerable: true, writable: true, value: found.value }
    },
  })
  // Node's own writes into the real environment.
  within(process, 'loadEnvFile', (_process, [file = '.env']) => {
    for (const [name, value] of Object.entries(parseEnv(fs.readFileSync(file as string, 'utf8'))))
      if (process.env[name] === undefined) process.env[name] = value
  })
}
