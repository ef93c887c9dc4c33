/**
 * For tests and tools: a cluster on a manual clock, and a client of frames that speaks to it, or
 * over a socket.
 */
export * from './as-read.ts'
export * from './ask.ts'
export * from './bodies.ts'
export * from './call.ts'
export * from './line.ts'
export * from './manual-clock.ts'
export * from './session-pipe.ts'
export * from './world.ts'
