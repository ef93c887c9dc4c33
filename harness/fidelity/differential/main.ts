import { runTool } from '../tool.ts'
import { differential } from './command.ts'

await runTool(differential)
