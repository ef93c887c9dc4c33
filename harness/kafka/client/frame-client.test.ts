import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeResponse } from '../wire/index.ts'
import { WireError } from '../wire/wire-error.ts'
import { type ClientErrors, FrameClient, type FrameClientEnd } from './frame-client.ts'
import type { PipeOwner } from './pipe.ts'

const HEARTBEAT = { api: 'Heartbeat', version: 0, body: {}, timeoutMs: 60_000 } as const

const ERRORS: ClientErrors = {
  ended: (how, cause) => new Error(`ended: ${how}${cause === null ? '' : `, ${cause.message}`}`),
  timedOut: (api, timeoutMs) => new Error(`no answer to ${api} in ${timeoutMs} ms`),
}

/** A client, and the other side of its connection. */
function connected() {
  const sent: Buffer[] = []
  const ends: FrameClientEnd[] = []
  let broker: PipeOwner | null = null
  let closed = 0
  const close = (): void => {
    closed += 1
  }
  const client = new FrameClient(
    (owner) => {
      broker = owner
      return { send: (bytes) => void sent.push(bytes), close }
    },
    { clientId: 'me', onEnd: (how) => void ends.push(how) },
  )
  return {
    client,
    sent,
    ends,
    closed: () => closed,
    receive: (bytes: Buffer) => broker?.received(bytes),
    end: (how: 'closed' | 'reset', error?: Error) => broker?.ended(how, error),
  }
}

/** An answer that a broker gives to the request with this number; its error code is `errorCode`. */
function answer(correlationId: number, errorCode = 0): Buffer {
  return encodeResponse('Heartbeat', 0, correlationId, { errorCode })
}

afterEach(() => void vi.useRealTimers())

describe('a client of frames', () => {
  it('numbers its requests, and hands each its own answer', async () => {
    const { client, sent, receive } = connected()
    const asked = [client.ask(HEARTBEAT, ERRORS), client.ask(HEARTBEAT, ERRORS)]
    receive(Buffer.concat([answer(2, 27), answer(1, 25)]))
    expect(sent.map((bytes) => bytes.readInt32BE(8))).toEqual([1, 2])
    expect(await Promise.all(asked)).toMatchObject([{ errorCode: 25 }, { errorCode: 27 }])
  })

  it('puts an answer together that comes in pieces', async () => {
    const { client, receive } = connected()
    const asked = client.ask(HEARTBEAT, ERRORS)
    for (const byte of answer(1, 22)) receive(Buffer.from([byte]))
    expect(await asked).toMatchObject({ errorCode: 22 })
  })

  it('waits for no answer to what was only sent', () => {
    const { client, ends, end } = connected()
    client.send(client.numbered('Produce', 3, { acks: 0 }))
    end('closed')
    expect(ends).toEqual(['closed'])
  })

  it.each<['closed' | 'reset', Error | undefined, string]>([
    ['closed', undefined, 'ended: closed'],
    ['reset', new Error('ECONNREFUSED'), 'ended: reset, ECONNREFUSED'],
  ])('tells all that wait that the connection was %s', async (how, cause, message) => {
    const { client, ends, end } = connected()
    const asked = [client.ask(HEARTBEAT, ERRORS), client.ask(HEARTBEAT, ERRORS)]
    end(how, cause)
    end('closed')
    const failed = await Promise.allSettled(asked)
    expect(failed.map((each) => each.status === 'rejected' && each.reason.message)).toEqual([
      message,
      message,
    ])
    expect(ends).toEqual([how])
    await expect(client.ask(HEARTBEAT, ERRORS)).rejects.toThrow(message)
  })

  it('gives up a connection on which an answer does not come', async () => {
    const { client, closed } = connected()
    const patient = client.ask(HEARTBEAT, ERRORS)
    const asked = client.ask({ ...HEARTBEAT, timeoutMs: 1 }, ERRORS)
    await expect(asked).rejects.toThrow('no answer to Heartbeat in 1 ms')
    await expect(patient).rejects.toThrow('ended: closed')
    expect(closed()).toBe(1)
  })

  it('gives up none whose answers have come, and waits for none on one that has ended', async () => {
    vi.useFakeTimers()
    const { client, receive, end, closed } = connected()
    const asked = client.ask(HEARTBEAT, ERRORS)
    receive(answer(1))
    await asked
    vi.advanceTimersByTime(HEARTBEAT.timeoutMs)
    expect([client.ended, closed()]).toEqual([null, 0])
    end('closed')
    await expect(client.ask(HEARTBEAT, ERRORS)).rejects.toThrow('ended: closed')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves alone what has ended already', () => {
    const { client, sent, end, closed } = connected()
    end('reset')
    client.send(client.numbered('Heartbeat', 0, {}))
    client.close()
    expect([sent.length, closed(), client.ended]).toEqual([0, 0, 'reset'])
  })

  it('takes an answer that its request does not have as an error of that request alone', async () => {
    const { client, receive } = connected()
    const asked = [client.ask(HEARTBEAT, ERRORS), client.ask(HEARTBEAT, ERRORS)]
    receive(Buffer.from([0, 0, 0, 4, 0, 0, 0, 1]))
    receive(answer(2, 22))
    await expect(asked[0]).rejects.toThrow(WireError)
    expect(await asked[1]).toMatchObject({ errorCode: 22 })
  })

  it('takes each answer once', async () => {
    const { client, ends, receive } = connected()
    const asked = client.ask(HEARTBEAT, ERRORS)
    receive(Buffer.concat([answer(1), answer(1)]))
    await asked
    expect(ends).toEqual(['garbled'])
  })

  it.each([
    ['no frame', Buffer.alloc(4, 0xff)],
    ['too short for an answer', Buffer.from([0, 0, 0, 1, 7])],
    ['an answer to no request', answer(9)],
  ])('gives up a connection on which there comes what is %s', async (_, bytes) => {
    const { client, closed, receive } = connected()
    const asked = client.ask(HEARTBEAT, ERRORS)
    receive(bytes)
    await expect(asked).rejects.toThrow('ended: garbled')
    expect(closed()).toBe(1)
  })

  it('matches requests that others have numbered', () => {
    const { client, receive } = connected()
    const request = client.numbered('Heartbeat', 0, {})
    request.writeInt32BE(77, 8)
    const taken: (Buffer | null)[] = []
    client.expect(request, (frame) => void taken.push(frame))
    client.send(request)
    receive(answer(77))
    expect(taken).toEqual([answer(77).subarray(4)])
  })
})
