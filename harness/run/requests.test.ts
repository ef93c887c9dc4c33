import { expect, it } from 'vitest'
import type { RequestAction, RequestInfo } from '../kafka/index.ts'
import type { Connection } from '../sim/simulation.interface.ts'
import { Holds } from './port.ts'
import { Requests } from './requests.ts'

const REFUSED: RequestAction = { kind: 'error', error: 'UNKNOWN_SERVER_ERROR' }
const FETCH_KEY = 1

/** The action for the first Fetch of a process, after this was done to what is armed. */
function actionAfter(prepare: (requests: Requests) => void): RequestAction {
  const requests = new Requests({ observe: () => {}, holds: new Holds([]) })
  requests.arm('consumer-0 Fetch#1', REFUSED)
  prepare(requests)
  const connection = { id: 1, client: 'consumer-0', server: 'broker-0', process: null } as Connection
  const peer = requests.line(connection)
  requests.clientWrote(connection, Buffer.from([0, 0, 0, 2, 0, FETCH_KEY]))
  return requests.received({ peer, api: 'Fetch' } as Partial<RequestInfo> as RequestInfo)
}

it('refuses a request that is armed, and none once all has healed', () => {
  expect(actionAfter(() => {})).toEqual(REFUSED)
  expect(actionAfter((requests) => requests.heal())).toEqual({ kind: 'proceed' })
})
