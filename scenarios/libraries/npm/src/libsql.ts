import Database from 'libsql'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) => {
  const db = new Database('onceover-library-test.db')
  db.exec('create table if not exists orders (id integer primary key)')
  return consume(context, async (payload) => {
    db.prepare('insert or ignore into orders values (?)').run(Number(payload.message.offset))
    await effectOf(context, payload)
  })
}
