import { type JavaTool, outputOf } from './child.ts'

const TOOLS = 'org.apache.kafka.tools'

/**
 * Runs the console tools of administrators beyond topics and groups: quotas, SCRAM credentials, log
 * directories, elections, reassignments, features.
 * @throws Error where the output of one differs from that of a real cluster
 */
export async function javaAdminTools(tool: JavaTool, bootstrap: string): Promise<string> {
  const at = ['--bootstrap-server', bootstrap]
  const configs = (...args: string[]): Promise<string> =>
    outputOf(tool('kafka.admin.ConfigCommand', ...at, ...args))
  const app = ['--entity-type', 'clients', '--entity-name', 'app']
  await configs('--alter', '--add-config', 'producer_byte_rate=1024', ...app)
  expectText(await configs('--describe', ...app), /'app' are producer_byte_rate=1024\.0/)
  await configs('--alter', '--delete-config', 'producer_byte_rate', ...app)
  const alice = ['--entity-type', 'users', '--entity-name', 'alice']
  await configs('--alter', '--add-config', 'SCRAM-SHA-256=[iterations=8192,password=secret]', ...alice)
  expectText(await configs('--describe', ...alice), /'alice' are SCRAM-SHA-256=.*iterations=8192/)

  const topic = ['--topic', 'administered']
  await outputOf(tool(`${TOOLS}.TopicCommand`, ...at, '--create', ...topic, '--partitions', '2'))
  const election = [...at, '--election-type', 'preferred', '--partition', '0', ...topic]
  expectText(await outputOf(tool(`${TOOLS}.LeaderElectionCommand`, ...election)), /already elected/)
  const logDirs = await outputOf(tool(`${TOOLS}.LogDirsCommand`, ...at, '--describe'))
  expectText(logDirs, /"partition":"administered-0","size":0/)
  const reassignments = [...at, '--list']
  expectText(
    await outputOf(tool(`${TOOLS}.reassign.ReassignPartitionsCommand`, ...reassignments)),
    /No partition reassignments found/,
  )
  expectText(await outputOf(tool(`${TOOLS}.ClusterTool`, 'cluster-id', ...at)), /Cluster ID: onceover/)
  expectText(
    await outputOf(tool(`${TOOLS}.FeatureCommand`, ...at, 'describe')),
    /transaction\.version\s.*FinalizedVersionLevel: 2/,
  )
  await outputOf(tool(`${TOOLS}.TopicCommand`, ...at, '--delete', ...topic))
  return 'configs (quotas, SCRAM), leader-election, log-dirs, reassign-partitions, cluster and features as expected'
}

function expectText(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`expected ${String(pattern)} in: ${text.slice(-1_500)}`)
}
