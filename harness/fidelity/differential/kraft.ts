import { spawnSync } from 'node:child_process'

const CLUSTER_ID = 'b25jZW92ZXJvbmNlb3Zlcg'

/** A file of Java properties. */
export function propertiesText(lines: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/**
 * Prepares the folders that these properties name, as KRaft requires before the first start.
 * @param java arguments of the JVM, the class path among them
 * @param users passwords of the users that may connect with SCRAM, by name
 * @throws Error with the output of Kafka's tool
 */
export function formatStorage(
  java: readonly string[],
  properties: string,
  users: Readonly<Record<string, string>> = {},
): void {
  const scram = Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  )
  const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties, ...scram]
  const { status, stderr } = spawnSync('java', [...java, ...tool])
  if (status !== 0) throw new Error(`the storage could not be formatted: ${String(stderr)}`)
}
