import { settingFromText } from '../kafka/index.ts'

/** Broker settings as they are typed on a command line, in the types that they have. */
export function settingsFromText(
  typed: readonly (readonly [name: string, text: string])[],
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(typed.map(([name, text]) => [name, settingFromText(name, text)]))
}
