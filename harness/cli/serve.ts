import { type ServedCluster, serve } from '../serve/index.ts'
import { settingsFromText } from '../serve/settings.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { ServeArguments } from './options.ts'
import type { Shell } from './shell.ts'

/** `onceover serve`: a line when clients can come, then brokers until SIGINT or SIGTERM. */
export async function serveCommand(args: ServeArguments, shell: Shell): Promise<ExitCode> {
  const { brokers, host, port, advertisedHost, seed, ...given } = args
  const stopAsked = signalled(shell)
  const cluster = await serve({
    brokers,
    host,
    port,
    topics: given.topics,
    settings: settingsFromText(given.settings),
    ...(advertisedHost === undefined ? {} : { advertisedHost }),
    ...(seed === undefined ? {} : { seed }),
  })
  shell.stdout.write(`${readyLine(cluster)}\n`)
  await stopAsked
  await cluster.stop()
  return EXIT.held
}

function readyLine({ addresses, seed }: ServedCluster): string {
  const brokers = addresses.length === 1 ? '1 broker is' : `${addresses.length} brokers are`
  return `${brokers} ready, bootstrap.servers=${addresses.join(',')} (seed ${seed}; Ctrl-C stops)`
}

/** The first signal; a second one ends the program at once, as if nobody listened. */
function signalled(shell: Shell): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) shell.once(name, () => resolve())
  })
}
