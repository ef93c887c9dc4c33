import { mirror } from './mirror.ts'

/** Each start copies everything again. */
await mirror(async () => 0n)
