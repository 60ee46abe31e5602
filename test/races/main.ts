/**
 * `npm run races -- [--messages N] [--layout TEXT]... [--mistake NAME] [--json]`: rings and seqlocks on real threads and
 * processes, every message checksummed. Prints per layout what was lost, torn or out of order, and exits 1 on any of it.
 * `--mistake` breaks one side on purpose, to see that the check can fail.
 */
import { parseArgs } from 'node:util'
import { ProgressBar } from '../../hotpath/cli/progress-bar.ts'
import { Terminal } from '../../hotpath/cli/terminal.ts'
import { hasSharedMemory } from '../../hotpath/memory/mapped-region.ts'
import { renderTable, type TextColumn } from '../../hotpath/tca/text-table.ts'
import { readBenchHeader, renderBenchHeader } from '../bench/bench-header.ts'
import { isClean, type RaceResult, race } from './race.ts'
import { type RaceLayout, raceLayouts } from './race-layouts.ts'
import { type Mistake, mistakes } from './race-task.ts'

const MESSAGES_DEFAULT = 100_000_000
/** Sequences are 32-bit words. */
const MESSAGES_MAX = 2 ** 31 - 1

const columns: readonly TextColumn[] = [
  { head: 'layout', align: 'left' },
  { head: 'messages', align: 'right' },
  { head: 'lost', align: 'right' },
  { head: 'torn', align: 'right' },
  { head: 'out of order', align: 'right' },
  { head: 'messages/s', align: 'right' },
]

function cells(result: RaceResult): string[] {
  const counts = [result.messages, result.lost, result.torn, result.outOfOrder, Math.round(result.messagesPerSecond)]
  return [result.layout, ...counts.map((count) => count.toLocaleString('en'))]
}

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: MESSAGES_DEFAULT.toString() },
    layout: { type: 'string', multiple: true, default: [] },
    mistake: { type: 'string', default: 'none' },
    json: { type: 'boolean', default: false },
  },
})
const terminal = new Terminal(process.stdout, process.stderr, process.env)
const messages = Number(values.messages.replaceAll('_', ''))
const mistake = mistakes.find((one) => one === values.mistake)
const asked = raceLayouts.filter(
  ({ name }) => values.layout.length === 0 || values.layout.some((text) => name.includes(text)),
)
if (!(Number.isInteger(messages) && messages >= 1 && messages <= MESSAGES_MAX) || !mistake || asked.length === 0) {
  terminal.note('usage: npm run races -- [--messages N] [--layout TEXT]... [--mistake NAME] [--json]')
  terminal.note(`layouts: ${raceLayouts.map(({ name }) => name).join(' · ')}`)
  terminal.note(`mistakes: ${mistakes.join(' · ')}`)
  process.exit(2)
}

async function runAll(layouts: readonly RaceLayout[], broken: Mistake): Promise<RaceResult[]> {
  const results: RaceResult[] = []
  for (const layout of layouts) {
    const bar = new ProgressBar(terminal, layout.name, messages, performance.now())
    const onProgress = (done: number): void => bar.update(done, performance.now())
    const result = await race(layout, { messages, mistake: broken, onProgress })
    bar.end(messages, performance.now(), isClean(result) ? '' : 'FAULTS')
    results.push(result)
  }
  return results
}

const header = readBenchHeader('full')
const skipped = hasSharedMemory() ? [] : asked.filter(({ between }) => between === 'processes')
const results = await runAll(
  asked.filter((layout) => !skipped.includes(layout)),
  mistake,
)
const isGood = results.every(isClean)
if (values.json) terminal.json({ header, results, skipped: skipped.map(({ name }) => name), ok: isGood })
else {
  terminal.line(renderBenchHeader(header))
  terminal.line()
  for (const line of renderTable(columns, results.map(cells))) terminal.line(line)
  for (const { layout, notes, errors } of results) {
    for (const text of [...notes, ...errors]) terminal.line(`  ${layout}: ${text}`)
  }
  for (const { name } of skipped) terminal.line(`  ${name}: skipped, no shared memory between processes here`)
  terminal.line(isGood ? 'nothing lost, torn or out of order' : 'FAULTS: see above')
}
process.exitCode = isGood ? 0 : 1
