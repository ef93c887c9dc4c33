#!/usr/bin/env node
import { writeFileSync } from 'node:fs'
import colors from 'picocolors'
import { jsonReport } from '../../reports/json.ts'
import { junitReport } from '../../reports/junit.ts'
import { mermaidReport } from '../../reports/mermaid.ts'
import { terminalReport, terminalSummary } from '../../reports/terminal.ts'
import { timeline } from '../../reports/timeline.ts'
import { UsageError } from '../core/errors.ts'
import type { ScenarioResult } from '../core/result.ts'
import { findScenarioFiles, type LoadedScenario, loadScenarioFile } from '../run/load.ts'
import { checkOne } from './check.ts'
import { type CheckArguments, HELP, parseArguments, type ReplayArguments } from './options.ts'
import { createProgress } from './progress.ts'
import { replay } from './replay.ts'
import { harnessVersion } from './version.ts'

const EXIT = { held: 0, violated: 1, undecided: 2, wrongUse: 3, harness: 4 } as const

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args)
  switch (parsed.command) {
    case 'help':
      process.stdout.write(HELP)
      return EXIT.held
    case 'version':
      process.stdout.write(`${harnessVersion()}\n`)
      return EXIT.held
    case 'check':
      return check(parsed)
    case 'replay':
      return replayFile(parsed)
  }
}

async function check(args: CheckArguments): Promise<number> {
  const { json, junit, seed, runs, timeMs, strategy, out, quiet } = args
  const files = findScenarioFiles(args.patterns, process.cwd())
  const toStandardOutput = json === '-'
  const print = (text: string): void =>
    void (toStandardOutput ? process.stderr : process.stdout).write(`${text}\n`)
  const progress = createProgress(process.stderr)
  const stop = stopOnInterrupt()
  const results: ScenarioResult[] = []
  let broken = false
  for (const file of files) {
    const { loaded, problem } = await load(file)
    if (problem !== null) {
      broken = true
      print(`? ${problem}`)
    }
    for (const each of loaded) {
      if (stop.signal.aborted) break
      const onProgress = quiet ? undefined : progress.show
      const result = await checkOne(each, {
        seed,
        runs,
        timeMs,
        strategy,
        out,
        signal: stop.signal,
        onProgress,
      })
      progress.clear()
      results.push(result)
      print(terminalReport(result, colors))
    }
  }
  if (results.length > 1) print(`\n${terminalSummary(results)}`)
  if (json !== undefined) write(json, jsonReport(results))
  if (junit !== undefined) write(junit, junitReport(results))
  return exitCode(results, broken)
}

async function load(file: string): Promise<{ loaded: readonly LoadedScenario[]; problem: string | null }> {
  try {
    return { loaded: await loadScenarioFile(file), problem: null }
  } catch (error) {
    if (error instanceof Error && error.name === 'UsageError') return { loaded: [], problem: error.message }
    throw error
  }
}

/** The first Ctrl-C ends the search and reports; the second ends the program. */
function stopOnInterrupt(): AbortController {
  const controller = new AbortController()
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(EXIT.undecided)
    controller.abort()
  })
  return controller
}

function write(file: string, text: string): void {
  if (file === '-') process.stdout.write(text)
  else writeFileSync(file, text)
}

/** The worst of all. */
function exitCode(results: readonly ScenarioResult[], broken: boolean): number {
  if (results.some(({ verdict, usageError }) => verdict === 'error' && !usageError)) return EXIT.harness
  if (broken || results.some(({ usageError }) => usageError)) return EXIT.wrongUse
  if (results.some(({ verdict }) => verdict === 'violated')) return EXIT.violated
  return results.some(({ verdict }) => verdict === 'undecided') ? EXIT.undecided : EXIT.held
}

async function replayFile({ file, timeline: whole, mermaid }: ReplayArguments): Promise<number> {
  const replayed = await replay(file)
  const { counterexample, stillFails, finding, sameHistory, changed, sentence, story, events } = replayed
  if (mermaid) {
    process.stdout.write(mermaidReport(counterexample))
    return stillFails ? EXIT.violated : EXIT.held
  }
  if (whole) process.stdout.write(`${timeline(events)}\n\n`)
  const lines = stillFails
    ? [
        `${colors.red('✗')} ${counterexample.scenario.name}: still fails`,
        '',
        `  ${colors.red(finding?.property ?? '')}: ${sentence}`,
        '',
        ...story.map(
          ({ timeUs, lane, text }, index) =>
            `    ${String(index + 1).padStart(2)}. ${(timeUs / 1_000_000).toFixed(3)} s  ${lane}  ${text}`,
        ),
        '',
      ]
    : [
        `${colors.green('✓')} ${counterexample.scenario.name}: no longer fails (${counterexample.violation.property})`,
      ]
  lines.push(
    sameHistory
      ? '  The history is the same, to the byte.'
      : '  The history is not the same as when the file was made.',
  )
  for (const each of changed) lines.push(`  ${each}`)
  process.stdout.write(`${lines.join('\n')}\n`)
  return stillFails ? EXIT.violated : EXIT.held
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const wrongUse = error instanceof UsageError || (error instanceof Error && error.name === 'UsageError')
    process.stderr.write(
      wrongUse
        ? `onceover: ${(error as Error).message}\n`
        : `onceover: a defect of the harness: ${error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exit(wrongUse ? EXIT.wrongUse : EXIT.harness)
  },
)
