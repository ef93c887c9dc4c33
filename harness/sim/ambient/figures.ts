import asyncHooks from 'node:async_hooks'
import os from 'node:os'
import { performance } from 'node:perf_hooks'
import v8 from 'node:v8'
import type { Proc } from '../process.ts'
import { within } from './patch.ts'

const MB = 1_048_576
const MEMORY = {
  rss: 128 * MB,
  heapTotal: 64 * MB,
  heapUsed: 32 * MB,
  external: 4 * MB,
  arrayBuffers: MB,
}
const FREE = 1024 * MB
const LOOPBACK = {
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal: true,
  cidr: '127.0.0.1/8',
}

/** A process reads the same figures of its machine at every time and on every machine. */
export function patchFigures(): void {
  patchMemory()
  patchProcessor()
  patchAsyncIds()
  patchMachine()
}

/** Figures of the machine, and of what else the real process is doing. */
function patchMachine(): void {
  within(os, 'uptime', ({ host }) => host.nowUs / 1_000_000)
  within(os, 'totalmem', () => 4 * FREE)
  within(os, 'networkInterfaces', () => ({ lo: [{ ...LOOPBACK }] }))
  within(os, 'availableParallelism', () => 1)
  for (const name of ['getActiveResourcesInfo', '_getActiveHandles', '_getActiveRequests'])
    within(process, name, () => [])
}

function patchMemory(): void {
  const { rss } = process.memoryUsage
  within(process, 'memoryUsage', () => ({ ...MEMORY }))
  Object.assign(process.memoryUsage, { rss })
  within(process.memoryUsage, 'rss', () => MEMORY.rss)
  for (const name of ['availableMemory', 'constrainedMemory']) within(process, name, () => FREE)
  within(os, 'freemem', () => FREE)
  within(v8, 'getHeapStatistics', (_process, _args, real) => ({
    ...(real.call(v8) as object),
    total_heap_size: MEMORY.heapTotal,
    used_heap_size: MEMORY.heapUsed,
    total_physical_size: MEMORY.heapTotal,
    total_available_size: FREE,
    malloced_memory: MB,
    peak_malloced_memory: MB,
    external_memory: MEMORY.external,
  }))
}

/** A process that waits uses nothing, and one that works takes no time. */
function patchProcessor(): void {
  within(process, 'cpuUsage', () => ({ user: 0, system: 0 }))
  within(process, 'resourceUsage', (_process, _args, real) =>
    Object.fromEntries(Object.keys(real.call(process) as object).map((name) => [name, 0])),
  )
  within(os, 'loadavg', () => [0, 0, 0])
  within(performance, 'eventLoopUtilization', () => ({ idle: 0, active: 0, utilization: 0 }))
  within(os, 'cpus', () => [
    { model: 'simulated', speed: 1_000, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } },
  ])
}

const numbers = new WeakMap<Proc, Map<number, number>>()

/**
 * Node counts over all that it does: a process sees its own numbers, in the order in which it asks.
 */
function patchAsyncIds(): void {
  for (const name of ['executionAsyncId', 'triggerAsyncId'])
    within(asyncHooks, name, (process, _args, real) => {
      const own = numbers.get(process) ?? new Map<number, number>()
      numbers.set(process, own)
      const id = real.call(asyncHooks) as number
      const known = own.get(id) ?? own.size + 1
      own.set(id, known)
      return known
    })
}
