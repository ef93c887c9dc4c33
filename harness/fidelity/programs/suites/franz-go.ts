import { cpSync, existsSync } from 'node:fs'
import path from 'node:path'
import { cached } from '../../../cache/cache.ts'
import { outputOf, run } from '../child.ts'
import { startServe } from '../served.ts'
import type { Results, Suite } from './suite.interface.ts'

const MODULE = 'github.com/twmb/franz-go'
const VERSION = 'v1.22.3'
/**
 * Two chains of consumers that produce what they consume, with and without transactions, six
 * assignors each.
 */
const CHAINS = '^(TestTxnEtl|TestGroupETL)$'
const RECORDS = 20_000
const LIMIT_MS = 900_000

/** franz-go's chains, from the Go module proxy; compiled once. */
export async function franzGo(): Promise<Suite> {
  const name = `franz-go ${VERSION}: ${CHAINS.replaceAll(/[\^$()]/g, '').replace('|', ', ')}`
  try {
    const folder = await cached(`franz-go-${VERSION}`, compile)
    return { name, run: () => chains(folder) }
  } catch (error) {
    return { name, skipped: `needs Go and its module proxy: ${String(error).slice(0, 200)}` }
  }
}

async function compile(fresh: string): Promise<void> {
  const download = { command: 'go', args: ['mod', 'download', '-json', `${MODULE}@${VERSION}`] }
  const { Dir } = JSON.parse(await outputOf(download)) as { readonly Dir: string }
  const sources = path.join(fresh, 'sources')
  // Go's cache of modules is read-only: nothing can be built in it.
  cpSync(Dir, sources, { recursive: true, mode: 0 })
  await outputOf({ command: 'chmod', args: ['-R', 'u+w', sources] })
  const tests = path.join(sources, 'pkg/kgo')
  if (!existsSync(path.join(tests, 'txn_test.go'))) throw new Error('the module comes without its tests')
  await outputOf({
    command: 'go',
    args: ['-C', tests, 'test', '-c', '-o', path.join(fresh, 'kgo.test'), '.'],
  })
}

async function chains(folder: string): Promise<Results> {
  const served = await startServe(['--brokers', '3'])
  try {
    const { stdout, stderr } = await run(
      {
        command: path.join(folder, 'kgo.test'),
        args: ['-test.v', '-test.run', CHAINS],
        env: {
          KGO_SEEDS: served.bootstrap,
          KGO_TEST_RF: '1',
          KGO_TEST_RECORDS: String(RECORDS),
          KGO_LOG_LEVEL: 'none',
        },
      },
      LIMIT_MS,
    )
    return resultsOf(stdout, stderr)
  } finally {
    await served.stop()
  }
}

/** By the lines with which `go test` closes each test. */
export function resultsOf(stdout: string, stderr: string): Results {
  const lines = [...stdout.matchAll(/^\s*--- (PASS|FAIL|SKIP): (\S+)/gm)]
  const of = (verdict: string): string[] =>
    lines.filter(([, each]) => each === verdict).map(([, , test = '']) => test)
  const why = (stdout + stderr).slice(-1_500)
  const failed = of('FAIL').map((test) => ({ test, why }))
  const nothing = lines.length === 0 ? [{ test: 'the test program', why }] : []
  return { passed: of('PASS'), failed: [...failed, ...nothing], skipped: of('SKIP') }
}
