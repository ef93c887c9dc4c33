import { performance } from 'node:perf_hooks'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'

function unixMs({ host }: Proc): number {
  return host.epochMs + Math.floor(host.nowUs / 1000)
}

/** `Date`, `performance.now`, `process.hrtime` and `process.uptime` show virtual time inside a simulated process. */
export function patchClocks(): void {
  patchDate()
  const realNow = performance.now.bind(performance)
  Object.defineProperty(performance, 'now', {
    configurable: true,
    writable: true,
    value: () => {
      const process = currentProcess()
      return process === undefined ? realNow() : process.host.nowUs / 1000
    },
  })
  const realHrtime = process.hrtime.bind(process)
  const realBigint = process.hrtime.bigint.bind(process.hrtime)
  const hrtime = (before?: [number, number]): [number, number] => {
    const current = currentProcess()
    if (current === undefined) return realHrtime(before)
    const nowNs = BigInt(current.host.nowUs) * 1000n
    const sinceNs =
      before === undefined ? nowNs : nowNs - (BigInt(before[0]) * 1_000_000_000n + BigInt(before[1]))
    return [Number(sinceNs / 1_000_000_000n), Number(sinceNs % 1_000_000_000n)]
  }
  hrtime.bigint = (): bigint => {
    const current = currentProcess()
    return current === undefined ? realBigint() : BigInt(current.host.nowUs) * 1000n
  }
  process.hrtime = hrtime as typeof process.hrtime
  const realUptime = process.uptime.bind(process)
  process.uptime = () => {
    const current = currentProcess()
    return current === undefined ? realUptime() : current.host.nowUs / 1_000_000
  }
}

function patchDate(): void {
  const RealDate = Date
  const realNow = Date.now
  const now = (): number => {
    const process = currentProcess()
    return process === undefined ? realNow() : unixMs(process)
  }
  const patched = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    get: (target, name, receiver) =>
      name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown),
  })
  globalThis.Date = patched
  RealDate.prototype.constructor = patched
}
