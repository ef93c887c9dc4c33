import { describe, expect, it } from 'vitest'
import { FrameSplitter } from './frame-splitter.ts'

function frame(size: number, byte: number): Buffer {
  const bytes = Buffer.alloc(4 + size, byte)
  bytes.writeInt32BE(size, 0)
  return bytes
}

describe('bytes that are cut anywhere', () => {
  const stream = Buffer.concat([frame(3, 1), frame(0, 0), frame(70, 2), frame(1, 3)])
  const whole = [Buffer.alloc(3, 1), Buffer.alloc(0), Buffer.alloc(70, 2), Buffer.alloc(1, 3)]

  it.each([1, 2, 3, 5, 7, 40, stream.length])('give the same frames in parts of %i bytes', (partBytes) => {
    const splitter = new FrameSplitter(100)
    const frames: Buffer[] = []
    for (let at = 0; at < stream.length; at += partBytes)
      frames.push(...(splitter.add(stream.subarray(at, at + partBytes)) ?? []))
    expect(frames).toEqual(whole)
  })

  it('a size beyond the limit, or below zero, is refused as soon as it is read', () => {
    expect(new FrameSplitter(69).add(frame(70, 1).subarray(0, 4))).toBeNull()
    expect(new FrameSplitter(70).add(frame(70, 1).subarray(0, 4))).toEqual([])
    expect(new FrameSplitter(70).add(Buffer.alloc(4, 0xff))).toBeNull()
  })
})
