import { executionAsyncId } from 'node:async_hooks'
import { execFileSync } from 'node:child_process'
import os from 'node:os'
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../testing/room.ts'

async function twice(work: (say: (text: unknown) => void) => unknown): Promise<string[]> {
  const once = (): Promise<string[]> => inProcess(({ say }) => work((text) => say(JSON.stringify(text))))
  const first = await once()
  expect(await once()).toEqual(first)
  return first
}

describe('what a process reads of its machine', () => {
  it('is the same at each time', async () => {
    const log = await twice((say) => {
      say([
        process.memoryUsage().heapUsed,
        process.memoryUsage.rss(),
        process.cpuUsage(),
        os.freemem(),
        os.loadavg(),
      ])
      say([process.resourceUsage().maxRSS, performance.eventLoopUtilization(), os.cpus().length])
      say([executionAsyncId(), Number(setTimeout(() => {}, 1)), Number(setTimeout(() => {}, 1))])
    })
    expect(log[2]).toBe('0 [2,1,2]')
  })

  it('an event loop is never late, and the engine notes nothing', async () => {
    const log = await twice((say) => {
      const delay = monitorEventLoopDelay({ resolution: 10 })
      say([delay.enable(), delay.enable(), delay.disable(), delay.count, delay.percentile(99)])
      new PerformanceObserver(() => say(['noted'])).observe({ entryTypes: ['gc'] })
      say(['observes'])
    })
    expect(log).toEqual(['0 [true,false,true,0,0]', '0 ["observes"]'])
  })

  it('marks and measures are in virtual time', async () => {
    const log = await twice((say) => {
      setTimeout(() => {
        performance.mark('begin')
        setTimeout(
          () =>
            say([
              performance.mark('end').startTime,
              performance.measure('took', 'begin').duration,
              performance.measure('it', 'begin', 'end').duration,
            ]),
          30,
        )
      }, 20)
    })
    expect(log).toEqual(['50 [50,30,30]'])
  })
})

it('time zone and locale are those of the simulation, wherever it runs', () => {
  const script = `const { inProcess } = await import(${JSON.stringify(`${import.meta.dirname}/../testing/room.ts`)})
    const log = await inProcess(({ say }) => say([
      new Intl.DateTimeFormat().format(), Intl.DateTimeFormat().resolvedOptions().timeZone, (1234.5).toLocaleString(),
      new Date(0).toLocaleString(), new Intl.NumberFormat().format(1234.5), ['b', 'a', 'ä'].sort((x, y) => x.localeCompare(y)),
      new Date(2025, 5, 1).toISOString(), new Date(0).getTimezoneOffset(), String(new Date(0)), process.env.TZ,
    ].join(' | ')))
    console.log(log[0])
    process.exit()`
  const here = (env: Record<string, string>): string =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
  const tokyo = here({ TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' })
  expect(tokyo).toBe(here({ TZ: 'America/New_York', LANG: 'C', LC_ALL: 'C' }))
  expect(tokyo).toContain(
    '1/1/2025 | UTC | 1,234.5 | 1/1/1970, 12:00:00 AM | 1,234.5 | a,ä,b | 2025-06-01T00:00:00.000Z | 0 |',
  )
})
