import { setTimeout } from 'node:timers/promises'

const EVERY_MS = 10_000
/**
 * So many bad answers in a row, and the process is asked to end: its supervisor starts it again.
 */
const PATIENCE = 2

const targets = (process.env['WATCHED'] ?? '').split(',')
const bad = new Map<string, number>()

let ending = false
process.once('SIGTERM', () => {
  ending = true
})
while (!ending) {
  await setTimeout(EVERY_MS)
  await Promise.all(targets.map(look))
}
process.exit(0)

async function look(target: string): Promise<void> {
  // A process that does not answer at all is ended or started by its supervisor already.
  const status = await ask(`${target}/health`, 'GET').catch(() => 200)
  const times = status < 500 ? 0 : (bad.get(target) ?? 0) + 1
  bad.set(target, times % PATIENCE)
  if (times === PATIENCE) await ask(`${target}/quit`, 'POST').catch(() => 0)
}

async function ask(url: string, method: string): Promise<number> {
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(3_000) })
  await answer.text()
  return answer.status
}
