/**
 * `npm run study -- --data DIR [--json] [--seed N] [--orders N]`: the router against the named baselines on real books of
 * several venues, paired on the same orders, with confidence intervals. DIR is searched for the layouts it knows, by
 * content. Exit code 0 when the study ran (whatever it found), 2 when there is nothing to run on.
 */
import { ProgressBar } from '../../hotpath/cli/progress-bar.ts'
import { Terminal } from '../../hotpath/cli/terminal.ts'
import { readStudyData, StudyDataError } from './study-data.ts'
import { countOrders, runStudy } from './study-run.ts'
import { studyText } from './study-text.ts'

const USAGE = 'usage: npm run study -- --data DIR [--json] [--seed N] [--orders N]'
const SEED = 42
/** Orders drawn for each data set and fee scenario. */
const ORDERS = 9_600
const ORDERS_MAX = 1_000_000

class UsageError extends Error {
  override readonly name = 'UsageError'
}

interface Options {
  readonly path: string
  readonly isJson: boolean
  readonly seed: number
  readonly orders: number
}

function count(text: string | undefined, what: string, min: number, max: number): number {
  const value = Number(text)
  const isCount = text !== undefined && /^\d+$/.test(text) && value >= min && value <= max
  if (!isCount) throw new UsageError(`${what} is a whole number from ${min} to ${max}`)
  return value
}

function parse(words: readonly string[]): Options {
  let options: Options = { path: '', isJson: false, seed: SEED, orders: ORDERS }
  for (let at = 0; at < words.length; at++) {
    if (words[at] === '--json') options = { ...options, isJson: true }
    else if (words[at] === '--data') options = { ...options, path: words[++at] ?? '' }
    else if (words[at] === '--seed')
      options = { ...options, seed: count(words[++at], '--seed', 0, Number.MAX_SAFE_INTEGER) }
    else if (words[at] === '--orders') options = { ...options, orders: count(words[++at], '--orders', 1, ORDERS_MAX) }
    else throw new UsageError(`unknown word ${words[at]}`)
  }
  if (options.path === '') throw new UsageError('--data names a directory of recordings')
  return options
}

async function main(words: readonly string[]): Promise<void> {
  const options = parse(words)
  // Progress goes to stderr, so that it shows while stdout is a file, and only where a person looks.
  const terminal = new Terminal(process.stderr, process.stderr, process.env)
  const show = (label: string): ((done: number, total: number) => void) => {
    let bar: ProgressBar | undefined
    return (done, total) => {
      if (!terminal.isInteractive) return
      bar ??= new ProgressBar(terminal, label, total, Date.now())
      if (done === total) bar.end(done, Date.now())
      else bar.update(done, Date.now())
    }
  }
  const all = await readStudyData(options.path, options.orders, show('reading'))
  const total = all.reduce((sum, data) => sum + countOrders(data), 0)
  const showRouting = show('routing')
  let done = 0
  const study = runStudy(all, options.seed, () => showRouting(++done, total))
  process.stdout.write(`${options.isJson ? JSON.stringify(study, null, 2) : studyText(study)}\n`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError || error instanceof StudyDataError)) throw error
  process.stderr.write(`${error.message}\n${USAGE}\n`)
  process.exitCode = 2
}
