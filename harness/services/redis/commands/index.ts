import { HASHES, LISTS, SETS } from './collections.ts'
import type { RedisCommands } from './command.ts'
import { KEYS } from './keys.ts'
import { STRINGS } from './strings.ts'

/** Commands on keys, by their names in capitals. */
export const COMMANDS: RedisCommands = { ...STRINGS, ...KEYS, ...HASHES, ...SETS, ...LISTS }
