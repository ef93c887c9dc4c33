import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorWithPlace, packagesOf } from './call-site.ts'

/** An error that was thrown there, with frames of a package and of Node inside of it. */
function thrownAt(file: string): Error {
  return Object.assign(new RangeError('no row'), {
    stack: `RangeError: no row
    at query (/srv/node_modules/pg/lib/client.js:10:1)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)
    at async save (file://${file}:12:9)`,
  })
}

describe('an error with its place', () => {
  it('names the first line that is neither Node’s nor a package’s', () => {
    expect(errorWithPlace(thrownAt('/srv/src/db.ts'))).toBe(
      'RangeError: no row at save (/srv/src/db.ts:12:9)',
    )
    const below = path.join(process.cwd(), 'src/db.ts')
    expect(errorWithPlace(thrownAt(below))).toBe('RangeError: no row at save (src/db.ts:12:9)')
  })

  it('has none where nothing on the stack is the user’s, or nothing was an error', () => {
    expect(errorWithPlace(thrownAt('/srv/node_modules/orm/index.js'))).toBe('RangeError: no row')
    expect(errorWithPlace({ code: 'E1' })).toBe("{ code: 'E1' }")
  })
})

describe('the packages through which something was done', () => {
  const kafkajs = '    at runner (/srv/node_modules/kafkajs/src/consumer/runner.js:1:1)'
  const pg = '    at connect (/srv/node_modules/pg/lib/client.js:10:1)'
  const user = '    at eachMessage (/srv/src/main.ts:5:3)'

  it.each([
    ['a client that called the handler has no part in it', [user, kafkajs], []],
    ['a driver has, that the handler called', [pg, user, kafkajs], ['pg']],
    ['a client has, that the user’s start called', [kafkajs, user], ['kafkajs']],
    ['a client has that works by itself', [kafkajs], ['kafkajs']],
  ])('%s', (_what, frames, packages) => {
    expect(packagesOf(frames)).toEqual(packages)
  })
})
