import path from 'node:path'
import { findServer } from '../server/index.ts'
import { startServer } from '../server/start.ts'

/** Starts a server, says where it is, and stays. */
const found = findServer(null)
if ('why' in found) throw new Error(found.why)
const { socket } = await startServer(found.binaries, found.user)
console.log(path.dirname(socket))
setInterval(() => {}, 60_000)
