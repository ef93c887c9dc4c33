import { syncBuiltinESMExports } from 'node:module'
import { patchAtomics } from './atomics.ts'
import { patchBlobs } from './blobs.ts'
import { patchChannels } from './channels.ts'
import { patchClocks } from './clock.ts'
import { patchCollection } from './collection.ts'
import { patchCompression } from './compression.ts'
import { patchEnvironment } from './environment.ts'
import { patchFigures } from './figures.ts'
import { patchFileHandles } from './file-handle.ts'
import { patchFiles } from './files.ts'
import { patchOpenFolders } from './folders.ts'
import { patchGlobals } from './globals.ts'
import { patchHttp } from './http.ts'
import { patchKeys } from './keys.ts'
import { patchLocale } from './locale.ts'
import { patchLookup } from './lookup.ts'
import { patchMeasurers } from './measurers.ts'
import { patchOutput } from './output.ts'
import { patchPackageLoading } from './package-loading.ts'
import { patchProcess } from './process-events.ts'
import { patchRandomness } from './randomness.ts'
import { patchRefused } from './refused.ts'
import { patchServers } from './servers.ts'
import { patchSockets } from './sockets.ts'
import { patchSqlite } from './sqlite.ts'
import { patchStacks } from './stacks.ts'
import { patchThreadPool } from './thread-pool.ts'
import { patchTimers } from './timers.ts'
import { patchVmContexts } from './vm-contexts.ts'
import { patchWebAssembly } from './web-assembly.ts'

let installed = false

/**
 * Intercepts what simulated code could reach; everything stays Node's own outside a simulated
 * process. Modules that keep a built-in function in a variable of their own must be loaded after
 * this.
 */
export function installAmbient(): void {
  if (installed) return
  installed = true
  patchTimers()
  patchClocks()
  patchRandomness()
  patchVmContexts()
  patchSockets()
  patchServers()
  patchHttp()
  patchLookup()
  patchProcess()
  patchEnvironment()
  patchOutput()
  patchKeys()
  patchThreadPool()
  patchWebAssembly()
  patchCompression()
  patchChannels()
  patchAtomics()
  patchFigures()
  patchMeasurers()
  patchLocale()
  patchFiles()
  patchOpenFolders()
  patchFileHandles()
  patchBlobs()
  patchSqlite()
  patchRefused()
  patchStacks()
  patchCollection()
  patchPackageLoading()
  patchGlobals()
  syncBuiltinESMExports()
}
