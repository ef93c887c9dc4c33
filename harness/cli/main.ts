#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Compiled code is kept between runs, in the place that Node has for it. Before anything is loaded.
enableCompileCache()
await import('./program.ts')
