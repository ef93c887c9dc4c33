import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../../cache/cache.ts'
import { kafkaJars } from '../../fidelity/artifacts/kafka.ts'
import { TOXIPROXY_VERSION, toxiproxyBinary } from '../../fidelity/artifacts/toxiproxy.ts'

const run = promisify(execFile)
const GO_MS = 900_000
const MODULES =
  'java.base,java.compiler,java.desktop,java.logging,java.management,java.naming,java.rmi,java.security.jgss,java.security.sasl,java.sql,jdk.crypto.ec,jdk.unsupported,jdk.management'
const COMMANDS = [
  'sh',
  'nc',
  'sed',
  'sleep',
  'echo',
  'cat',
  'hostname',
  'mkdir',
  'ls',
  'grep',
  'test',
  'env',
  'cp',
  'rm',
]

/**
 * The start of the official image, with the class that it starts with: `KAFKA_A_B=x`
 * becomes `a.b=x`, and the storage is formatted.
 */
const RUN = `#!/bin/sh
set -f
J="java -cp /opt/kafka/libs/* -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
: \${CLUSTER_ID:=5L6g3nShT-eMCtK--X86sw}
export CLUSTER_ID
made=$($J -Xmx128m kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \\
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) ||
  echo "$made" | grep -i 'already formatted' || { echo "$made"; exit 1; }
exec $J \${KAFKA_HEAP_OPTS:--Xmx384m} kafka.Kafka /opt/kafka/config/server.properties
`
const LOGGING = 'Configuration:\n  Loggers:\n    Root:\n      level: INFO\n'
const DEFAULTS = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': '1@localhost:9093',
  listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  'advertised.listeners': 'PLAINTEXT://localhost:9092',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'offsets.topic.replication.factor': '1',
}

/**
 * Images under the official names, of what registries of packages have: for a machine that can pull
 * none. They stand in for the images' contents, not for their scripts.
 */
export async function importStandIns(folder: string, release: string): Promise<void> {
  await importToxiproxy(path.join(folder, 'toxiproxy'))
  await importKafka(path.join(folder, 'kafka'), release)
}

async function importToxiproxy(root: string): Promise<void> {
  mkdirSync(path.join(root, 'tmp'), { recursive: true })
  copyFileSync(await toxiproxyBinary(), path.join(root, 'toxiproxy'))
  copyFileSync(await toxiproxyCli(), path.join(root, 'toxiproxy-cli'))
  const changes = ['ENTRYPOINT ["/toxiproxy"]', 'CMD ["-host=0.0.0.0"]', 'EXPOSE 8474']
  await importRoot(root, `ghcr.io/shopify/toxiproxy:${TOXIPROXY_VERSION}`, changes)
}

async function toxiproxyCli(): Promise<string> {
  const built = await cached(`toxiproxy-cli-${TOXIPROXY_VERSION}`, async (fresh) => {
    const env = { ...process.env, GOBIN: fresh, CGO_ENABLED: '0' }
    const module = `github.com/Shopify/toxiproxy/v2/cmd/cli@v${TOXIPROXY_VERSION}`
    await run('go', ['install', module], { env, timeout: GO_MS })
    renameSync(path.join(fresh, 'cli'), path.join(fresh, 'toxiproxy-cli'))
  })
  return path.join(built, 'toxiproxy-cli')
}

async function importKafka(root: string, release: string): Promise<void> {
  const folders = [
    'bin',
    'tmp',
    'etc/kafka/docker',
    'opt/kafka/libs',
    'opt/kafka/config',
    'mnt/shared/config',
  ]
  for (const each of folders) mkdirSync(path.join(root, each), { recursive: true })
  copyFileSync('/bin/busybox', path.join(root, 'bin/busybox'))
  for (const command of COMMANDS) symlinkSync('busybox', path.join(root, 'bin', command))
  const runtime = await javaRuntime()
  cpSync(runtime, path.join(root, 'opt/jre'), { recursive: true })
  symlinkSync('../opt/jre/bin/java', path.join(root, 'bin/java'))
  await copyLibraries(runtime, root)
  const jars = await kafkaJars(release)
  for (const jar of readdirSync(jars))
    copyFileSync(path.join(jars, jar), path.join(root, 'opt/kafka/libs', jar))
  const docker = path.join(root, 'etc/kafka/docker')
  writeFileSync(path.join(docker, 'run'), RUN)
  chmodSync(path.join(docker, 'run'), 0o755)
  for (const name of ['log4j2.yaml', 'tools-log4j2.yaml']) writeFileSync(path.join(docker, name), LOGGING)
  const lines = Object.entries(DEFAULTS).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(path.join(docker, 'server.properties'), lines.join(''))
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  const changes = ['CMD ["/etc/kafka/docker/run"]', 'EXPOSE 9092', 'ENV PATH=/bin', 'WORKDIR /']
  await importRoot(root, `apache/kafka:${release}`, changes)
}

/** A Java of what Kafka needs. */
async function javaRuntime(): Promise<string> {
  const made = await cached('java-runtime', async (fresh) => {
    const slim = ['--strip-debug', '--no-man-pages', '--no-header-files']
    await run('jlink', ['--add-modules', MODULES, ...slim, '--output', path.join(fresh, 'jre')])
  })
  return path.join(made, 'jre')
}

/** The C libraries that the runtime asks for, where its loader looks for them. */
async function copyLibraries(runtime: string, root: string): Promise<void> {
  const shared = readdirSync(path.join(runtime, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.so'))
    .map((name) => path.join(runtime, 'lib', name))
  const wanted = new Set<string>()
  for (const file of [path.join(runtime, 'bin/java'), ...shared]) {
    const { stdout } = await run('ldd', [file])
    for (const [, library = ''] of stdout.matchAll(/(\/\S+\.so\S*)/g))
      if (!library.startsWith(runtime)) wanted.add(library)
  }
  for (const library of wanted) {
    if (!existsSync(library)) continue
    const copy = path.join(root, library)
    mkdirSync(path.dirname(copy), { recursive: true })
    copyFileSync(realpathSync(library), copy)
  }
}

/** `docker import` of a tar: no pull, no build tool. */
async function importRoot(root: string, name: string, changes: readonly string[]): Promise<void> {
  const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const args = ['import', ...changes.flatMap((change) => ['--change', change]), '-', name]
  const docker = spawn('docker', args, { stdio: [tar.stdout, 'ignore', 'inherit'] })
  const code = await new Promise<number | null>((resolve, reject) => {
    docker.once('error', reject)
    docker.once('close', resolve)
  })
  if (code !== 0) throw new Error(`docker import of ${name} ended with ${code}`)
}
