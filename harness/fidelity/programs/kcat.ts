import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { cached } from '../../cache/cache.ts'
import { type Command, outputOf } from './child.ts'
import type { ClientProgram, Prepared } from './client.interface.ts'

const PACKAGES = ['kcat', 'librdkafka1', 'libyajl2', 'liblz4-1', 'libzstd1', 'libsasl2-2']

/** kcat (librdkafka): the one of this machine, or Debian's packages unpacked beside it. */
export async function kcat(): Promise<Prepared> {
  const name = 'kcat'
  try {
    const own = ['/usr/bin/kcat', '/usr/local/bin/kcat'].find((file) => existsSync(file))
    const env = {}
    const found = own === undefined ? await unpacked() : { command: own, env }
    const version = await outputOf({ ...found, args: ['-V'] })
    const [, library = '?'] = /librdkafka (\S+)/.exec(version) ?? []
    return { client: clientOf(`kcat (librdkafka ${library})`, found) }
  } catch (error) {
    return { name, skipped: `needs kcat, or apt-get and dpkg of Debian: ${String(error).slice(0, 200)}` }
  }
}

async function unpacked(): Promise<Pick<Command, 'command' | 'env'>> {
  const folder = await cached('kcat', async (fresh) => {
    const download = ['-c', 'cd "$0" && apt-get -q download "$@" >/dev/null', fresh, ...PACKAGES]
    await outputOf({ command: 'sh', args: download })
    for (const file of readdirSync(fresh).filter((each) => each.endsWith('.deb')))
      await outputOf({ command: 'dpkg', args: ['-x', path.join(fresh, file), fresh] })
  })
  const libraries = readdirSync(path.join(folder, 'usr/lib')).map((each) =>
    path.join(folder, 'usr/lib', each),
  )
  return {
    command: path.join(folder, 'usr/bin/kcat'),
    env: { LD_LIBRARY_PATH: libraries.join(':') },
  }
}

function clientOf(name: string, found: Pick<Command, 'command' | 'env'>): ClientProgram {
  return {
    name,
    commitsBeforeRebalance: true,
    producer: ({ bootstrap, topic }) => ({
      ...found,
      args: ['-b', bootstrap, '-P', '-t', topic],
      readsLines: true,
    }),
    consumer: ({ bootstrap, topic, group }) => ({
      ...found,
      args: [
        ...[
          '-b',
          bootstrap,
          '-q',
          '-u',
          '-X',
          'auto.offset.reset=earliest',
          '-X',
          'heartbeat.interval.ms=300',
        ],
        ...['-G', group, topic],
      ],
    }),
  }
}
