// Kills its process where a file that was written would get its name.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
syncBuiltinESMExports()
