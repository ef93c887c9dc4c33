import asyncHooks from 'node:async_hooks'
import os from 'node:os'
import { performance } from 'node:perf_hooks'
import v8 from 'node:v8'
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
  patchReport()
}

/** Fields of the report that are the same in each run on one machine. */
const BUILT_FOR = [
  'reportVersion',
  'nodejsVersion',
  'wordSize',
  'arch',
  'platform',
  'release',
  'componentVersions',
  'glibcVersionRuntime',
  'glibcVersionCompiler',
] as const

/**
 * Packages with native code ask the report for the C library, to load what was built for it: it has
 * no more than that, and nothing that another run would have otherwise.
 */
function patchReport(): void {
  const known: { report?: object } = {}
  within(process.report, 'getReport', (_process, _args, real) => {
    known.report ??= lasting(real.call(process.report) as DiagnosticReport)
    return structuredClone(known.report)
  })
}

interface DiagnosticReport {
  readonly header: Readonly<Record<string, unknown>>
  readonly sharedObjects?: readonly string[]
}

function lasting({ header, sharedObjects = [] }: DiagnosticReport): DiagnosticReport {
  return {
    header: Object.fromEntries(BUILT_FOR.flatMap((name) => (name in header ? [[name, header[name]]] : []))),
    sharedObjects: sharedObjects.filter((file) => file.includes('libc.musl-') || file.includes('ld-musl-')),
  }
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

/**
 * Node counts over all that it does, and counts promises only while somebody listens: a process
 * sees the number of its event.
 */
function patchAsyncIds(): void {
  for (const [name, behind] of [
    ['executionAsyncId', 0],
    ['triggerAsyncId', 1],
  ] as const)
    within(asyncHooks, name, ({ host }) => Math.max(1, host.events - behind))
}
