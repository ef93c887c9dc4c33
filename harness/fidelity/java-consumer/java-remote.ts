import path from 'node:path'
import { createInterface } from 'node:readline'
import { cached } from '../../cache/cache.ts'
import { kafkaJars } from '../artifacts/kafka.ts'
import { Child, outputOf } from '../programs/child.ts'
import type { RemoteConsumers } from './remote.interface.ts'

/** KafkaConsumer of this release of Apache Kafka, in a process of its own. */
export async function javaRemote(release: string): Promise<RemoteConsumers> {
  const jars = path.join(await kafkaJars(release), '*')
  const source = path.join(import.meta.dirname, 'ConsumerServer.java')
  const classes = await cached(`consumer-server-${release}-2`, async (fresh) => {
    await outputOf({ command: 'javac', args: ['-cp', jars, '-d', fresh, source] })
  })
  const child = new Child({
    command: 'java',
    args: ['-Xmx512m', '-cp', `${classes}:${jars}`, 'ConsumerServer'],
  })
  const waiting = new Map<string, (text: string) => void>()
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') return ready.resolve()
    const [call = '', ...words] = line.split(' ')
    waiting.get(call)?.(words.join(' '))
    waiting.delete(call)
  })
  child.ended.then(({ code, stderr }) =>
    ready.reject(new Error(`java ended with ${code}: ${stderr.slice(-500)}`)),
  )
  await ready.promise
  let calls = 0
  return {
    name: `KafkaConsumer ${release}`,
    call(consumer, operation, args = []) {
      calls += 1
      const call = String(calls)
      return new Promise((resolve) => {
        waiting.set(call, resolve)
        child.stdin.write(`${[call, consumer, operation, ...args].join(' ')}\n`)
      })
    },
    async stop() {
      await child.stop()
    },
  }
}
