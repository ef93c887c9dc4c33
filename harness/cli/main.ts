#!/usr/bin/env node
import module from 'node:module'
import { oldNode } from './old-node.ts'

const complaint = oldNode(process.versions.node)
if (complaint === null) {
  // Before anything is loaded: compiled code is kept between runs, where Node keeps it.
  module.enableCompileCache()
  await import('./program.ts')
} else {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 3
}
