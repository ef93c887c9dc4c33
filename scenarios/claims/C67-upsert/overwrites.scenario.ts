import { upserting } from './states.ts'

/** The last to write wins. */
export default upserting(
  'C67 an upsert that overwrites',
  "insert into products values ('p', $1) on conflict (id) do update set last = excluded.last",
)
