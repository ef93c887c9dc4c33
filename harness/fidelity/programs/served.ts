import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Child } from './child.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')

/** `onceover serve` in a process of its own. */
export interface ServeProcess {
  readonly bootstrap: string
  /** Most megabytes of memory that were resident at once; null where the system does not say. */
  peakMb(): number | null
  /** @throws Error where it does not end as it should */
  stop(): Promise<void>
}

export async function startServe(args: readonly string[]): Promise<ServeProcess> {
  const child = new Child({
    command: process.execPath,
    args: [
      '--conditions=onceover-source',
      path.join(ROOT, 'harness/cli/main.ts'),
      'serve',
      '--port',
      '0',
      ...args,
    ],
  })
  const bootstrap = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
      const [, found] = /bootstrap\.servers=(\S+)/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
    child.ended.then(({ stderr }) => reject(new Error(`serve did not start: ${stderr}`)), reject)
  })
  return {
    bootstrap,
    peakMb: () => peakMbOf(child.process.pid ?? 0),
    async stop() {
      const { code, stderr } = await child.stop()
      if (code !== 0 || stderr !== '') throw new Error(`serve ended with ${code}: ${stderr}`)
    },
  }
}

function peakMbOf(pid: number): number | null {
  try {
    const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kb === undefined ? null : Math.round(Number(kb) / 1024)
  } catch {
    return null
  }
}
