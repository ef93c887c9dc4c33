import { describe, expect, it } from 'vitest'
import { WallClock } from './wall-clock.ts'

const EPOCH_MS = 1_000_000
const SECOND_US = 1_000_000

function clockAt(): { readonly clock: WallClock; pass(seconds: number): void; sets(): number } {
  let nowUs = 0
  let sets = 0
  const onSet = (): void => {
    sets += 1
  }
  return {
    clock: new WallClock({ nowUs: () => nowUs, epochMs: EPOCH_MS, onSet }),
    pass(seconds) {
      nowUs += seconds * SECOND_US
    },
    sets: () => sets,
  }
}

describe('the wall clock of a machine', () => {
  it('shows virtual time until somebody sets it', () => {
    const { clock, pass } = clockAt()
    pass(3)
    expect(clock.unixMs).toBe(EPOCH_MS + 3_000)
    expect(clock.virtualUs(EPOCH_MS + 5_000)).toBe(5 * SECOND_US)
  })

  it('jumps ahead and back, and is set right', () => {
    const { clock, pass, sets } = clockAt()
    clock.jump(60_000)
    pass(1)
    expect(clock.unixMs).toBe(EPOCH_MS + 61_000)
    clock.jump(-90_000)
    expect(clock.unixMs).toBe(EPOCH_MS - 29_000)
    expect(clock.virtualUs(EPOCH_MS - 27_000)).toBe(3 * SECOND_US)
    clock.setRight()
    expect(clock.unixMs).toBe(EPOCH_MS + 1_000)
    expect(sets()).toBe(3)
  })

  it('gains and loses from where it stands, says when it will show a time, and is set right', () => {
    const { clock, pass, sets } = clockAt()
    clock.jump(1_000)
    pass(1)
    clock.drift(500)
    pass(10)
    expect(clock.unixMs).toBe(EPOCH_MS + 1_000 + 1_000 + 15_000)
    expect(clock.virtualUs(EPOCH_MS + 17_000 + 1_500)).toBe(12 * SECOND_US)
    clock.drift(-500)
    pass(4)
    expect(clock.unixMs).toBe(EPOCH_MS + 17_000 + 2_000)
    clock.setRight()
    pass(1)
    expect(clock.unixMs).toBe(EPOCH_MS + 16_000)
    expect(clock.virtualUs(EPOCH_MS + 20_000)).toBe(20 * SECOND_US)
    expect(sets()).toBe(4)
  })

  it('goes on, however much it loses: a time that somebody waits for comes', () => {
    const { clock, pass } = clockAt()
    clock.drift(-2_000)
    pass(1_000)
    expect(clock.unixMs).toBe(EPOCH_MS + 1_000)
    expect(clock.virtualUs(EPOCH_MS + 2_000)).toBe(2_000 * SECOND_US)
  })
})
