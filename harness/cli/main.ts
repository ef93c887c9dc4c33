#!/usr/bin/env node
import module from 'node:module'
import { oldNode } from './old-node.ts'

const complaint = oldNode(process.versions.node)
if (complaint === null) {
  // Compiled code is kept between runs, in the place that Node has for it. Before anything is loaded.
  module.enableCompileCache()
  await import('./program.ts')
} else {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 3
}
