/**
 * `npm run real:troubles [-- PARTS OF NAMES…]`: a replay on a Kafka of this machine to which
 * something happens, as a stranger would type it. Each must end in one sentence, with the right
 * exit code, in time, and leave no process and no temporary file behind. Linux only. Ends with 1
 * where one does not.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { toxiproxyBinary } from '../../fidelity/artifacts/toxiproxy.ts'
import { serve } from '../../serve/serve.ts'
import { type Descendant, type Run, run, type TroubleEnd } from './run.ts'

const FILE = 'scenarios/claims/C06-commit-async/m05-kafkajs.json'
const REPLAY = ['replay', FILE, '--on', 'real', '--hurry']
const LOCAL = [...REPLAY, '--provider', 'local', '--times', '3']
/** A cluster may take minutes to start on a busy machine. */
const CLUSTER_MS = 480_000
/** One that stands still is waited for, again and again. */
const STANDSTILL_MS = 900_000
const WRONG_USE = 3
const HARNESS = 4

interface Trouble {
  readonly name: string
  readonly code: number | null
  /** Of the last line. */
  readonly says: RegExp
  run(): Promise<TroubleEnd>
}

const isApp = ({ command }: Descendant): boolean => command.includes('processes/child')
const isBroker = ({ command }: Descendant): boolean => command.includes('kafka.Kafka')
const isToxiproxy = ({ command }: Descendant): boolean =>
  /toxiproxy\S* /.test(`${command} `) && !/^\/bin\/sh/.test(command)

/** Once a process of the app runs: the signal, to the first that is meant. */
function onceItRuns(meant: ((each: Descendant) => boolean) | 'command', signal: NodeJS.Signals): Run['act'] {
  return (pid, descendants) => {
    if (!descendants.some(isApp)) return false
    const target =
      meant === 'command'
        ? pid
        : descendants.filter(({ command }) => !/^\/bin\/sh/.test(command)).find(meant)?.pid
    if (target === undefined) return false
    process.kill(target, signal)
    return true
  }
}

function local(act: Run['act'], withinMs = CLUSTER_MS): () => Promise<TroubleEnd> {
  return () => run({ args: LOCAL, withinMs, ...(act && { act }) })
}

/** Stops the broker as soon as there is one. */
function stopBroker(_pid: number, descendants: readonly Descendant[]): boolean {
  const broker = descendants.find((each) => isBroker(each) && !/^\/bin\/sh/.test(each.command))
  if (broker === undefined) return false
  process.kill(broker.pid, 'SIGSTOP')
  return true
}

const TROUBLES: readonly Trouble[] = [
  {
    name: 'a broker is killed',
    code: HARNESS,
    says: /onceover: .*(ended by itself|no broker listens)/,
    run: local(onceItRuns(isBroker, 'SIGKILL')),
  },
  {
    name: 'Toxiproxy is killed',
    code: HARNESS,
    says: /onceover: Toxiproxy (ended by itself|could not be reached)/,
    run: local(onceItRuns(isToxiproxy, 'SIGKILL')),
  },
  {
    name: 'the port of a broker is in use',
    code: HARNESS,
    says: /onceover: port \d+ of 127\.0\.0\.1 is in use by another process, and broker-0 can't listen/,
    run: whereBrokersPortIsInUse,
  },
  {
    name: 'the port of Toxiproxy is in use',
    code: HARNESS,
    says: /onceover: port \d+ of 127\.0\.0\.1 is in use by another process, and Toxiproxy can't listen/,
    run: whereToxiproxysPortIsInUse,
  },
  {
    name: 'a cluster that is too slow to come up',
    code: HARNESS,
    says: /onceover: broker-0 was not up after 300 s/,
    run: local(stopBroker, STANDSTILL_MS),
  },
  {
    name: 'a cluster that is too slow in the middle of a try',
    code: HARNESS,
    says: /onceover: (\S+ did not answer \w+ within|the cluster took more than) \d+ s/,
    run: local(onceItRuns(isBroker, 'SIGSTOP'), STANDSTILL_MS),
  },
  {
    name: 'a Toxiproxy that is too slow',
    code: HARNESS,
    says: /onceover: Toxiproxy did not answer within 60 s/,
    run: local(onceItRuns(isToxiproxy, 'SIGSTOP'), STANDSTILL_MS),
  },
  {
    name: 'a process of the app is killed',
    code: HARNESS,
    says: /onceover: consumer-0 was killed by somebody else/,
    run: local(onceItRuns(isApp, 'SIGKILL')),
  },
  {
    name: 'Ctrl-C',
    code: 2,
    says: /interrupt|stopp|finish/i,
    run: local(onceItRuns('command', 'SIGINT')),
  },
  {
    name: 'the command, with the gates in it, is killed',
    code: null,
    says: /./,
    run: local(onceItRuns('command', 'SIGKILL')),
  },
  { name: 'the disk is full', code: HARNESS, says: /onceover: /, run: onFullDisk },
  {
    name: 'no Java',
    code: WRONG_USE,
    says: /there is no Java here/,
    run: () => withCommands({}, LOCAL),
  },
  {
    name: 'no Go, and no Toxiproxy that is there already',
    code: WRONG_USE,
    says: /no toxiproxy-server on the PATH, and no Go/,
    run: () => withCommands({ java: 'exit 0', mvn: 'exit 0' }, LOCAL),
  },
  {
    name: 'no Docker',
    code: WRONG_USE,
    says: /no Docker answers here/,
    run: () => withCommands({}, [...REPLAY, '--provider', 'docker']),
  },
  {
    name: 'an old Docker, without compose',
    code: WRONG_USE,
    says: /no 'compose' of version 2/,
    run: () => withCommands({ docker: '[ "$1" = version ]' }, [...REPLAY, '--provider', 'docker']),
  },
  {
    name: 'nothing at all',
    code: WRONG_USE,
    says: /no real Kafka can be had here: .*Docker.*Java/,
    run: () => withCommands({}, REPLAY),
  },
  {
    name: 'a cluster where somebody else consumes as the group',
    code: WRONG_USE,
    says: /somebody else consumes as 'clicks'/,
    run: whereGroupIsInUse,
  },
  {
    name: 'a cluster that is not there',
    code: WRONG_USE,
    says: /no Kafka answers at 127\.0\.0\.1:1/,
    run: () => run({ args: [...REPLAY, '--provider', 'brokers=127.0.0.1:1'], withinMs: CLUSTER_MS }),
  },
]

const only = process.argv.slice(2)
let wrong = 0
for (const trouble of TROUBLES) {
  if (only.length > 0 && !only.some((part) => trouble.name.includes(part))) continue
  const { code, signal, said, left, acted, ms } = await trouble.run()
  const last = said.at(-1) ?? ''
  // An interrupted replay says what came of the tries before.
  const isRight =
    acted && code === trouble.code && said.some((line) => trouble.says.test(line)) && left.length === 0
  if (!isRight) wrong += 1
  const outcome = `exit ${code ?? signal}, '${last}' (${(ms / 1000).toFixed(0)} s)`
  const rest = left.length === 0 ? 'nothing is left' : `LEFT: ${left.join(', ')}`
  const why = acted ? '' : '; it never came to that'
  process.stdout.write(`${isRight ? 'ok' : 'WRONG'}: ${trouble.name}: ${outcome}; ${rest}${why}\n`)
}
process.exit(wrong === 0 ? 0 : 1)

/** With these commands on the PATH and no others but Node, and an empty cache. */
async function withCommands(
  scripts: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<TroubleEnd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-path-'))
  try {
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`)
      chmodSync(path.join(folder, name), 0o755)
    }
    symlinkSync(process.execPath, path.join(folder, 'node'))
    const env = { PATH: folder, XDG_CACHE_HOME: path.join(folder, 'cache'), DOCKER_HOST: 'unix:///nowhere' }
    return await run({ args, env, withinMs: CLUSTER_MS })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Another process takes the port while Kafka's storage is made, after the port was chosen. */
async function whereBrokersPortIsInUse(): Promise<TroubleEnd> {
  const other = net.createServer()
  try {
    const act: Run['act'] = (_pid, descendants) => {
      const [, file] = /StorageTool format .* -c (\S+)/.exec(descendants.map(commandIn).join('\n')) ?? []
      if (file === undefined || !existsSync(file)) return false
      const [, port] = /^listeners=PLAINTEXT:\/\/[^:]+:(\d+)/m.exec(readFileSync(file, 'utf8')) ?? []
      other.listen(Number(port), '127.0.0.1')
      return true
    }
    return await run({ args: LOCAL, act, withinMs: CLUSTER_MS })
  } finally {
    other.close()
  }
}

/** A Toxiproxy that begins once somebody else listens on its port. */
async function whereToxiproxysPortIsInUse(): Promise<TroubleEnd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-late-'))
  const [late, go] = [path.join(folder, 'toxiproxy-server'), path.join(folder, 'go')]
  const other = net.createServer()
  try {
    const begin = `while [ ! -e ${go} ]; do sleep 0.1; done; exec ${await toxiproxyBinary()} "$@"`
    writeFileSync(late, `#!/bin/sh\n${begin}\n`)
    chmodSync(late, 0o755)
    const act: Run['act'] = (_pid, descendants) => {
      const [, port] =
        /toxiproxy-server -host \S+ -port (\d+)/.exec(descendants.map(commandIn).join('\n')) ?? []
      if (port === undefined) return false
      other.listen(Number(port), '127.0.0.1', () => writeFileSync(go, ''))
      return true
    }
    return await run({ args: LOCAL, env: { ONCEOVER_TOXIPROXY: late }, act, withinMs: CLUSTER_MS })
  } finally {
    other.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function commandIn({ command }: Descendant): string {
  return command
}

/** On a file system of 32 kB; that takes root. */
async function onFullDisk(): Promise<TroubleEnd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-small-'))
  const small = path.join(folder, 'disk')
  mkdirSync(small)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', small])
  try {
    return await run({ args: LOCAL, folder: small, withinMs: CLUSTER_MS })
  } finally {
    execFileSync('umount', ['-l', small])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The consumer that is there goes on, and its topic stays. */
async function whereGroupIsInUse(): Promise<TroubleEnd> {
  const cluster = await serve({ settings: { 'group.initial.rebalance.delay.ms': 0 } })
  cluster.admin.createTopic('theirs', { partitions: 1 })
  const consumer = new Kafka({ brokers: [...cluster.addresses], logLevel: logLevel.NOTHING }).consumer({
    groupId: 'clicks',
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: ['theirs'] })
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
    await consumer.run({ eachMessage: async () => {} })
    await joined
    const args = [...REPLAY, '--provider', `brokers=${cluster.addresses.join(',')}`]
    const ended = await run({ args, withinMs: CLUSTER_MS })
    const topics = cluster.admin
      .topics()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('__'))
    return { ...ended, left: [...ended.left, ...topics.filter((name) => name !== 'theirs')] }
  } finally {
    await consumer.disconnect()
    await cluster.stop()
  }
}
