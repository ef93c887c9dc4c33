import { toxiproxyHere } from '../../fidelity/artifacts/toxiproxy.ts'
import { runs } from './runs.ts'

/** One sentence where local processes can't be had. */
export async function missingHere(): Promise<string | null> {
  if (!(await runs('java', ['-version'])))
    return "there is no Java here; type apt-get install openjdk-17-jre-headless (or your system's way), or --provider brokers=host:port with a Kafka that runs"
  if (!(await runs('mvn', ['-v'])))
    return "there is no Maven here, which fetches Kafka from Maven Central; type apt-get install maven (or your system's way), or --provider brokers=host:port with a Kafka that runs"
  if ((await toxiproxyHere()) === null && !(await runs('go', ['version'])))
    return 'there is no toxiproxy-server on the PATH, and no Go to build it with; type go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 and name the binary in ONCEOVER_TOXIPROXY, or --provider brokers=host:port with a Kafka that runs'
  return null
}
