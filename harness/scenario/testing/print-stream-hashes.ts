import { streamHashes } from './platformatic.ts'

process.stdout.write(`${JSON.stringify(await streamHashes())}\n`)
