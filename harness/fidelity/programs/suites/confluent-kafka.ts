import path from 'node:path'
import { cached } from '../../../cache/cache.ts'
import { outputOf, run } from '../child.ts'
import { startServe } from '../served.ts'
import type { Results, Suite, TestFailure } from './suite.interface.ts'

const VERSION = '2.16.1'
const LIMIT_MS = 400_000
const CHURN = ['range', 'cooperative', 'static', 'consumer-uniform', 'consumer-range']
const EXACTLY_ONCE = ['range', 'cooperative', 'consumer-uniform']

/** librdkafka under Python, from PyPI: members that come and go, and transactions. */
export async function confluentKafka(): Promise<Suite> {
  const name = `confluent-kafka ${VERSION}: members that come and go, exactly once`
  try {
    const folder = await cached(`confluent-kafka-${VERSION}`, async (fresh) => {
      const target = path.join(fresh, 'packages')
      const pip = ['-m', 'pip', 'install', '-q', '--target', target, `confluent-kafka==${VERSION}`]
      await outputOf({ command: 'python3', args: pip })
    })
    return { name, run: () => runAll(path.join(folder, 'packages')) }
  } catch (error) {
    return { name, skipped: `needs Python, pip and PyPI: ${String(error).slice(0, 200)}` }
  }
}

async function runAll(packages: string): Promise<Results> {
  const passed: string[] = []
  const failed: TestFailure[] = []
  const served = await startServe(['--brokers', '3'])
  try {
    for (const [script, protocols] of [
      ['confluent_churn.py', CHURN],
      ['confluent_exactly_once.py', EXACTLY_ONCE],
    ] as const) {
      for (const protocol of protocols) {
        const test = `${script.slice('confluent_'.length, -'.py'.length)} ${protocol}`
        const { code, stdout, stderr } = await run(
          {
            command: 'python3',
            args: [path.join(import.meta.dirname, script), served.bootstrap, protocol],
            env: { PYTHONPATH: packages },
          },
          LIMIT_MS,
        )
        if (code === 0) passed.push(test)
        else failed.push({ test, why: (stdout + stderr).slice(-1_500) })
      }
    }
  } finally {
    await served.stop()
  }
  return { passed, failed, skipped: [] }
}
