/**
 * `npm run latency-study -- --data DIR [--json] [--seed N]`: forecasts of order latency against each other on recorded round
 * trips, walk-forward. DIR is searched for the layout it knows (latency-study-data). Exit code 0 when the study ran
 * (whatever it found), 2 when there is nothing to run on.
 */
import { ProgressBar } from '../../hotpath/cli/progress-bar.ts'
import { Terminal } from '../../hotpath/cli/terminal.ts'
import { LatencyDataError, readLatencyData } from './latency-study-data.ts'
import { type LatencyStudy, runLatencyStudy } from './latency-study-run.ts'
import { latencyStudyText } from './latency-study-text.ts'

const USAGE = 'usage: npm run latency-study -- --data DIR [--json] [--seed N]'
const SEED = 42

class UsageError extends Error {
  override readonly name = 'UsageError'
}

interface Options {
  readonly path: string
  readonly isJson: boolean
  readonly seed: number
}

function seedOf(text: string | undefined): number {
  const value = Number(text)
  if (text === undefined || !/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new UsageError('--seed is a whole number')
  return value
}

function parse(words: readonly string[]): Options {
  let options: Options = { path: '', isJson: false, seed: SEED }
  for (let at = 0; at < words.length; at++) {
    if (words[at] === '--json') options = { ...options, isJson: true }
    else if (words[at] === '--data') options = { ...options, path: words[++at] ?? '' }
    else if (words[at] === '--seed') options = { ...options, seed: seedOf(words[++at]) }
    else throw new UsageError(`unknown word ${words[at]}`)
  }
  if (options.path === '') throw new UsageError('--data names a directory of recorded round trips')
  return options
}

function main(words: readonly string[]): void {
  const options = parse(words)
  const data = readLatencyData(options.path)
  // Progress goes to stderr, so that it shows while stdout is a file, and only where a person looks.
  const terminal = new Terminal(process.stderr, process.stderr, process.env)
  const total = data.files.length
  const bar = terminal.isInteractive ? new ProgressBar(terminal, 'forecasting', total, Date.now()) : undefined
  const found = runLatencyStudy(data.files, options.seed, (done) => {
    if (done === total) bar?.end(done, Date.now())
    else bar?.update(done, Date.now())
  })
  const study: LatencyStudy = { ...found, notes: [...data.notes, ...found.notes] }
  process.stdout.write(`${options.isJson ? JSON.stringify(study, null, 2) : latencyStudyText(study)}\n`)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError || error instanceof LatencyDataError)) throw error
  process.stderr.write(`${error.message}\n${USAGE}\n`)
  process.exitCode = 2
}
