/** The entry at this place. @throws RangeError where there is none: the place was wrong */
export function entryAt<T>(list: readonly T[], index: number): T {
  const entry = list[index]
  if (entry === undefined) throw new RangeError(`there is no entry ${index} in a list of ${list.length}`)
  return entry
}

/** The object's own keys, by its type: for tables that hold nothing else. */
export function keysOf<Table extends object>(table: Table): readonly (keyof Table & string)[] {
  // TypeScript says `string[]`, since an object may have more keys than its type.
  return Object.keys(table) as (keyof Table & string)[]
}
