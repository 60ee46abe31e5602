/**
 * `npm test [-- STEP...]`: everything that must hold, in one go: types, lint, tests, vectors, simulation, quick bench
 * gates. Prints a summary with times; every skip says why; exits 1 on any failure.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SkippedTest } from './skip-reporter.ts'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const STEP_SECONDS_MAX = 540
const SIM_SEEDS = 50
/** A tenth of `npm run races`, which takes two minutes. */
const RACE_MESSAGES = 10_000_000
const NODE_MAJOR_MIN = 24

interface Step {
  readonly name: string
  readonly args: readonly string[]
  /** Why the step cannot run here; undefined when it can. */
  readonly skip?: string | undefined
}

interface Outcome {
  readonly name: string
  readonly verdict: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  readonly note: string
}

const vectors = resolve(ROOT, process.env['SOR_VECTORS'] ?? '../shared/vectors')

const steps: readonly Step[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'lint', args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  {
    name: 'tests',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=./test/skip-reporter.ts'],
  },
  {
    name: 'vectors',
    args: ['test/vectors/main.ts', vectors],
    skip: existsSync(vectors) ? undefined : `no reference vectors at ${vectors}: set SOR_VECTORS to their folder`,
  },
  { name: 'races', args: ['test/races/main.ts', '--messages', RACE_MESSAGES.toString()] },
  { name: 'sim', args: ['test/simulation/main.ts', '--seeds', SIM_SEEDS.toString()] },
  { name: 'bench', args: ['test/bench/main.ts', '--quick'] },
]

/** Runs one step with our terminal; a step that takes too long is ended and has failed. */
function runStep(step: Step, environment: NodeJS.ProcessEnv): Promise<Outcome> {
  const startMs = performance.now()
  const child = spawn(process.execPath, step.args, { cwd: ROOT, env: environment, stdio: 'inherit' })
  const timer = setTimeout(() => child.kill('SIGKILL'), STEP_SECONDS_MAX * 1_000)
  return new Promise((done) => {
    const end = (verdict: Outcome['verdict'], note: string): void => {
      clearTimeout(timer)
      done({ name: step.name, verdict, seconds: (performance.now() - startMs) / 1_000, note })
    }
    child.on('error', (error) => end('failed', error.message))
    child.on('exit', (code, signal) => {
      if (code === 0) end('passed', '')
      else end('failed', signal === null ? `exit code ${code}` : `ended by ${signal} (limit ${STEP_SECONDS_MAX} s)`)
    })
  })
}

/** Skipped tests by their reason, so that ten tests without data are one line. */
function skipLines(skipped: readonly SkippedTest[]): string[] {
  const byReason = new Map<string, string[]>()
  for (const { name, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), name])
  return [...byReason].flatMap(([reason, names]) => [
    `  ${names.length} skipped: ${reason === '' ? 'NO REASON GIVEN' : reason}`,
    ...names.slice(0, 3).map((name) => `      ${name}`),
    ...(names.length > 3 ? [`      and ${names.length - 3} more`] : []),
  ])
}

async function main(): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
    console.error(`npm test needs Node ${NODE_MAJOR_MIN}, this is ${process.version}: run npm ci, then npm test`)
    return 1
  }
  const asked = process.argv.slice(2)
  const unknown = asked.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    console.error(`no such step: ${unknown.join(', ')}; steps are ${steps.map((step) => step.name).join(', ')}`)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'sor-test-'))
  const skipsFile = join(folder, 'skips.json')
  try {
    const outcomes: Outcome[] = []
    for (const step of steps.filter((one) => asked.length === 0 || asked.includes(one.name))) {
      console.log(`\n== ${step.name}`)
      if (step.skip === undefined) outcomes.push(await runStep(step, { ...process.env, SOR_SKIPS: skipsFile }))
      else outcomes.push({ name: step.name, verdict: 'skipped', seconds: 0, note: step.skip })
    }
    const skipped = existsSync(skipsFile) ? (JSON.parse(readFileSync(skipsFile, 'utf8')) as SkippedTest[]) : []
    return summarise(outcomes, skipped)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function summarise(outcomes: readonly Outcome[], skipped: readonly SkippedTest[]): number {
  const isSilent = skipped.some((test) => test.reason === '')
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0)
  console.log('\n== summary')
  for (const { name, verdict, seconds: took, note } of outcomes) {
    console.log(`${name.padEnd(8)} ${verdict.padEnd(8)} ${took.toFixed(1).padStart(6)} s  ${note}`.trimEnd())
  }
  for (const line of skipLines(skipped)) console.log(line)
  const failed = outcomes.filter((outcome) => outcome.verdict === 'failed').map((outcome) => outcome.name)
  if (isSilent) failed.push('a skip without a reason')
  console.log(failed.length === 0 ? `everything holds (${seconds.toFixed(0)} s)` : `FAILED: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main()
