import type { AppContext } from 'onceover'

type Position = Parameters<AppContext['effects']['record']>[0]

/** Taxes one record; fails for ever where the record is malformed. */
export async function tax({ effects }: AppContext, record: Position, value: unknown): Promise<void> {
  if (!String(value).endsWith('}')) throw new Error('not a tax record')
  await effects.record(record, 'taxed')
}
