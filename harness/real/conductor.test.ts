import { describe, expect, it } from 'vitest'
import { Conductor } from './conductor.ts'
import { HeldSessions } from './held-sessions.ts'
import type { OrderItem } from './order.ts'

/** A conductor of processes none of which is in a group. */
function conducted(items: readonly OrderItem[], patienceMs?: number): Conductor {
  return new Conductor(items, new HeldSessions({ sessionMsMax: null, simulated: [] }), patienceMs)
}

const effect = (phase: string, partition = 0): OrderItem => ({
  name: `consumer-0 effect orders/${partition}@0 ${phase}`,
  process: 'consumer-0',
  place: `orders/${partition}`,
})
const commit = (phase: string): OrderItem => ({
  name: `consumer-0 OffsetCommit#1 ${phase}`,
  process: 'consumer-0',
  place: null,
})
const fault: OrderItem = { name: 'fault 0', process: null, place: null }

/** Whether the promise has resolved once everything that could happen at once has. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return done
}

describe('the conductor', () => {
  it('holds an effect until the commit that came before it in the simulated run', async () => {
    const conductor = conducted([commit('received'), effect('arrived')])
    const turn = conductor.turn(effect('arrived'))
    expect(await isDone(turn)).toBe(false)
    conductor.note(commit('received'))
    expect(await isDone(turn)).toBe(true)
  })

  it('lets what is free pass where the simulated run did not have it', async () => {
    const conductor = conducted([commit('received')])
    const join: OrderItem = { name: 'consumer-0 JoinGroup#2 received', process: 'consumer-0', place: null }
    expect(await isDone(conductor.turn({ ...join, free: true }))).toBe(true)
    expect(await isDone(conductor.turn(join))).toBe(false)
    conductor.end()
  })

  it('lets what is about another partition pass', async () => {
    const conductor = conducted([effect('arrived', 0), effect('arrived', 1)])
    expect(await isDone(conductor.turn(effect('arrived', 1)))).toBe(true)
  })

  it('holds everything until a fault that came before it', async () => {
    const conductor = conducted([fault, effect('arrived', 1)])
    const turn = conductor.turn(effect('arrived', 1))
    expect(await isDone(turn)).toBe(false)
    conductor.note(fault)
    expect(await isDone(turn)).toBe(true)
  })

  it('counts occurrences: the second of a name waits for what came before the second', async () => {
    const conductor = conducted([effect('arrived'), fault, effect('arrived')])
    await conductor.turn(effect('arrived'))
    conductor.note(effect('arrived'))
    const second = conductor.turn(effect('arrived'))
    expect(await isDone(second)).toBe(false)
    conductor.note(fault)
    expect(await isDone(second)).toBe(true)
  })

  it('lets what the simulated run never had wait for all that matters to it', async () => {
    const conductor = conducted([commit('received')])
    const unknown = conductor.turn(commit('acknowledged'))
    expect(await isDone(unknown)).toBe(false)
    conductor.note(commit('received'))
    expect(await isDone(unknown)).toBe(true)
  })

  it('lets work that the simulated run never had pass what its own process does after it', async () => {
    const conductor = conducted([effect('arrived', 1), fault])
    const other = conductor.turn({ ...effect('arrived', 1), name: 'consumer-0 effect orders/1@9 arrived' })
    expect(await isDone(other)).toBe(false)
    conductor.note(fault)
    expect(await isDone(other)).toBe(true)
  })

  it('gives nothing up for what nobody takes any more', async () => {
    const conductor = conducted([fault, commit('received'), effect('arrived')], 50)
    let alive = true
    const turn = conductor.turn(effect('arrived'), () => alive)
    alive = false
    conductor.note(fault)
    expect(await isDone(turn)).toBe(true)
    expect(conductor.diverged).toEqual([])
  })

  it('lets everybody go at the end', async () => {
    const conductor = conducted([fault, effect('arrived')])
    const turn = conductor.turn(effect('arrived'))
    conductor.end()
    expect(await isDone(turn)).toBe(true)
    expect(conductor.diverged).toEqual([])
  })

  it('gives up what does not come, and says so', async () => {
    const conductor = conducted([fault, effect('arrived')], 1)
    await conductor.turn(effect('arrived'))
    expect(conductor.diverged).toEqual([
      "'consumer-0 effect orders/0@0 arrived' waited for 'fault 0', which did not come",
    ])
  })
})
