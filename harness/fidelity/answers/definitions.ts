import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const FILE = path.resolve(import.meta.dirname, '../../kafka/config/kafka-4.1.json')
const BYTES_MAX = 10_000_000

/** Prints each configuration as a line: whose it is, and the five fields of a row. */
const PROGRAM = `
import java.util.*;
import org.apache.kafka.common.config.ConfigDef;
public class Definitions {
  static String text(Object value) {
    if (value == null) return "null";
    StringBuilder out = new StringBuilder("\\"");
    for (char each : value.toString().toCharArray())
      out.append(String.format("\\\\u%04x", (int) each));
    return out.append('"').toString();
  }
  static void print(String owner, ConfigDef all, Set<String> dynamic) {
    for (ConfigDef.ConfigKey key : new TreeMap<>(all.configKeys()).values()) {
      if (key.internalConfig) continue;
      String value = key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null;
      System.out.println("[" + text(owner) + "," + text(key.name) + "," + text(key.type.name().toLowerCase())
        + "," + text(value) + "," + (dynamic.contains(key.name) ? 1 : 0) + "," + text(key.documentation) + "]");
    }
  }
  public static void main(String[] args) throws Exception {
    Set<String> dynamic = new HashSet<>();
    kafka.server.DynamicBrokerConfig.AllDynamicConfigs().foreach(name -> { dynamic.add(name); return null; });
    print("broker", kafka.server.KafkaConfig.configDef(), dynamic);
    print("topic", org.apache.kafka.storage.internals.log.LogConfig.configDefCopy(), Set.of());
    print("group", org.apache.kafka.coordinator.group.GroupConfig.configDef(), Set.of());
    print("metrics", (ConfigDef) Class.forName("org.apache.kafka.server.metrics.ClientMetricsConfigs")
      .getMethod("configDef").invoke(null), Set.of());
  }
}
`

/**
 * Recreates the file of Kafka's configurations from the jars of a release.
 * @throws Error where javac or java fails
 */
export async function writeDefinitions(jars: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-definitions-'))
  try {
    const source = path.join(folder, 'Definitions.java')
    writeFileSync(source, PROGRAM)
    const classPath = `${path.join(jars, '*')}:${folder}`
    await run('javac', ['-cp', classPath, source])
    const { stdout } = await run('java', ['-cp', classPath, 'Definitions'], { maxBuffer: BYTES_MAX })
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [owner: string, ...row: unknown[]])
    const byOwner = [...Map.groupBy(rows, ([owner]) => owner)].map(([owner, those]) => {
      const lines = those.map(([, ...row]) => JSON.stringify(row))
      return `${JSON.stringify(owner)}: [\n${lines.join(',\n')}\n]`
    })
    writeFileSync(FILE, `{\n${byOwner.join(',\n')}\n}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
