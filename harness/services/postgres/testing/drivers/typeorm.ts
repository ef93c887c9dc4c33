import { DataSource, EntitySchema } from 'typeorm'
import { consume, type RecordRow } from './consume.ts'

const Row = new EntitySchema<RecordRow>({
  name: 'rows',
  columns: {
    topic: { type: 'text', primary: true },
    part: { type: 'int', primary: true },
    off: { type: 'bigint', primary: true },
  },
})
const source = new DataSource({
  type: 'postgres',
  url: 'postgres://app:any@db:5432/shop',
  entities: [Row],
})
await source.initialize()

await consume(
  (row) =>
    source.transaction(async (tx) => {
      await tx
        .createQueryBuilder()
        .insert()
        .into(Row)
        .values({ ...row })
        .orIgnore()
        .execute()
      await tx.count(Row)
    }),
  () => source.destroy(),
)
