import { describe, expect, it } from 'vitest'
import { inHashMapOrder, javaHashCode } from './java-hash.ts'

describe('hashes of Java', () => {
  it('hashes strings as String.hashCode does', () => {
    expect(javaHashCode('')).toBe(0)
    expect(javaHashCode('hello')).toBe(99_162_322)
    expect(javaHashCode('polygenelubricants')).toBe(-2_147_483_648)
  })

  it('goes through keys by bucket, and through a bucket as they came', () => {
    expect(inHashMapOrder(['c', 'b', 'a'])).toEqual(['a', 'b', 'c'])
    // 97 and 113 share a bucket of 16.
    expect(inHashMapOrder(['q', 'b', 'a'])).toEqual(['q', 'a', 'b'])
  })
})
