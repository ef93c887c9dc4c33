import { parentPort, workerData } from 'node:worker_threads'
import { HarnessError } from '../../../core/errors.ts'
import { tellAnswered } from './answered.ts'
import { Backend } from './backend.ts'
import { ClockPage } from './clock-page.ts'
import { Databases } from './databases.ts'
import type { ServerReply, ServerRequest, ServerThreadData } from './requests.interface.ts'
import { Rest } from './rest.ts'
import { Sessions } from './sessions.ts'

const { socket, clock: file, backendsMax, answered, port }: ServerThreadData = workerData
const NOTHING: ServerReply = {
  outputs: [],
  more: false,
  dueUs: null,
  answer: null,
  greeting: null,
  failure: null,
}

/** The thread that has the connections to the server, while another one waits for its replies. */
async function serve(): Promise<void> {
  const clock = file === null ? null : ClockPage.open(file)
  const control = await Backend.open(socket, 'postgres', clock)
  if (control.ended) throw new HarnessError('the PostgreSQL server has let nobody in')
  control.take()
  const databases = new Databases({ socket, clock, control, backendsMax })
  const all = new Map<string, Sessions>()
  const sessionsOf = (name: string): Sessions => {
    const known = all.get(name)
    if (known !== undefined) return known
    const fresh = new Sessions({ clock, databases, name, rest: new Rest(control, clock !== null) })
    all.set(name, fresh)
    return fresh
  }

  const done = async (request: ServerRequest): Promise<Partial<ServerReply>> => {
    const sessions = sessionsOf(request.database)
    switch (request.op) {
      case 'create': {
        const { answer, greeting } = await databases.create(request.database, request.schema)
        return { answer: Uint8Array.from(Buffer.concat(answer.map(({ whole }) => whole))), greeting }
      }
      case 'ask':
        return { answer: await sessions.ask(request.sql) }
      case 'reset':
        await sessions.reset(request)
        return {}
      case 'open':
        await sessions.open(request)
        return {}
      case 'unit':
        await sessions.unit(request)
        break
      case 'close':
        await sessions.close(request)
        break
      case 'next':
        await sessions.next()
        break
      case 'wake':
        await sessions.wake(request.nowUs)
        break
    }
    return sessions.reply()
  }
  const demandServer = (reply: Partial<ServerReply>): Partial<ServerReply> => {
    if (control.ended) throw new HarnessError('the server has ended')
    return reply
  }
  port.on('message', (request: ServerRequest) => {
    done(request)
      .then(demandServer)
      .catch((error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }))
      .then((reply) => {
        port.postMessage({ ...NOTHING, ...reply } satisfies ServerReply)
        tellAnswered(answered)
      })
  })
}

await serve()
parentPort?.postMessage('ready')
