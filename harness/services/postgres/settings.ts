/** Startup parameters that are no settings, or that every session has alike. */
const NO_SETTINGS = new Set(['user', 'database', 'replication', 'client_encoding', 'options'])

/** SQL that makes the settings with which a client opens its session. */
export function settingsOf(parameters: ReadonlyMap<string, string>): readonly string[] {
  return [...parameters]
    .filter(([name]) => !NO_SETTINGS.has(name) && !name.startsWith('_pq_'))
    .map(([name, value]) => `set "${name.toLowerCase()}" to '${value.replaceAll("'", "''")}'`)
}
