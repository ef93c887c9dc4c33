import { runTool } from '../tool.ts'
import { conformance } from './command.ts'

await runTool(conformance)
