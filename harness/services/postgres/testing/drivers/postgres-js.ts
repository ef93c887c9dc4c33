import postgres from 'postgres'
import { consume } from './consume.ts'

const sql = postgres('postgres://app:any@db:5432/shop', { max: 3 })

await consume(
  ({ topic, part, off }) =>
    sql.begin(async (tx) => {
      await tx`insert into rows (topic, part, off) values (${topic}, ${part}, ${off}) on conflict do nothing`
      await tx`select count(*) from rows`
    }),
  () => sql.end(),
)
