import crypto from 'node:crypto'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { createChance } from '../../core/seed.ts'
import { room } from './room.ts'

/**
 * Timers, sockets, chance, threads, faults, crashes and pauses, all at once: what comes of it
 * depends on every order that there is.
 */
export async function messyLog(seed: string): Promise<readonly string[]> {
  const made = room({ chance: createChance(seed), latency: { lowUs: 100, highUs: 9_000 } })
  const { simulation, say, log } = made
  const random = createChance(seed).stream('messy')
  simulation.network.chunk(40)
  simulation.network.listen('server', 1, (connection) => {
    connection.onData = (bytes) => {
      say(`server ${connection.client} ${bytes.length}`)
      simulation.after(random.below(5_000), () => connection.write(bytes))
    }
    connection.onEnd = () => connection.end()
    connection.onClose = () => say(`server closed ${connection.client}`)
  })
  const handles = ['a', 'b', 'c'].map((name) =>
    simulation.spawn(name, ({ incarnation }) => worker(`${name}${incarnation}`, say)),
  )
  for (let index = 0; index < 60; index += 1) {
    simulation.after(random.below(20_000_000), () => {
      const handle = random.pick(handles)
      const other = random.pick(['a', 'b', 'c'])
      const act = random.below(5)
      if (act === 0) handle.crash({ restartMs: random.below(3_000) })
      else if (act === 1) handle.pause(random.below(2_000))
      else if (act === 2) handle.terminate({ graceMs: 500, restartMs: random.below(1_000) })
      else if (act === 3) simulation.network.reset(other, 'server')
      else {
        const healing = simulation.network.cut(other, 'server')
        simulation.after(random.below(900_000), () => healing.cancel())
      }
    })
  }
  await simulation.run({ until: () => false, deadlineUs: 22_000_000 })
  simulation.dispose()
  return log
}

async function worker(name: string, say: (text: string) => void): Promise<void> {
  let count = 0
  setInterval(() => {
    count += 1
    say(`${name} tick ${count} ${Math.random()} ${Date.now() % 100_000}`)
    if (count % 7 === 0) process.nextTick(() => say(`${name} tick of a tick`))
    if (count === 31) throw new Error(`${name} has had enough`)
    if (count === 23) void Promise.reject(new Error(`${name} rejects`))
  }, 97)
  process.on('unhandledRejection', (error) => say(`${name} heard ${(error as Error).message}`))
  process.on('SIGTERM', async () => {
    say(`${name} is asked to end`)
    await sleep(crypto.randomInt(900))
    process.exit(count % 3)
  })
  for (;;) {
    const socket = net.connect(1, 'server')
    socket.on('error', (error: NodeJS.ErrnoException) => say(`${name} ${error.code}`))
    socket.on('data', (bytes) => say(`${name} got ${bytes.length}`))
    for (let index = 0; index < 5 && !socket.destroyed; index += 1) {
      const [packed, wait] = await Promise.all([
        promisify(zlib.gzip)(crypto.randomBytes(crypto.randomInt(200))),
        sleep(crypto.randomInt(300), 'waited'),
      ])
      socket.write(packed, (error) => say(`${name} wrote ${packed.length} ${wait} ${error?.message ?? ''}`))
      await Promise.race([promisify(setTimeout)(50), new Promise((resolve) => setImmediate(resolve))])
    }
    socket.end()
    await sleep(100)
  }
}

/** How many lines these seeds give, and their hash: the same wherever everything is. */
export async function messyHash(seeds: readonly string[]): Promise<string> {
  const hash = crypto.createHash('sha256')
  let lines = 0
  for (const seed of seeds) {
    const log = await messyLog(seed)
    lines += log.length
    hash.update(log.join('\n'))
  }
  return `${lines} ${hash.digest('hex')}`
}

// Run by itself, with seeds as arguments, it prints that.
if (process.argv[1] === import.meta.filename) console.log(await messyHash(process.argv.slice(2)))
