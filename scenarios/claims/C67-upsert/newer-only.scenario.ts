import { upserting } from './states.ts'

/** A version is written over an older one only. */
export default upserting(
  'C67 an upsert that compares versions',
  "insert into products values ('p', $1) on conflict (id) do update set last = excluded.last where products.last < excluded.last",
)
