/**
 * `npm run soak -- [--minutes 10] [--rate 50000] [--spin] [--json]`: the router under a steady load of binary orders, with
 * its core on a thread of its own. Prints a line a minute; exits 1 when the rate is not reached, memory is not flat, or the
 * core's thread collected garbage.
 */
import os from 'node:os'
import { parseArgs } from 'node:util'
import { ProgressBar } from '../../hotpath/cli/progress-bar.ts'
import { Terminal } from '../../hotpath/cli/terminal.ts'
import { SoakRouter } from './soak-router.ts'
import { mib, type SoakSample, soakVerdict } from './soak-verdict.ts'

const MS_PER_MINUTE = 60_000
/** Before the figures count: code is compiled, tables and files take their size. */
const WARM_UP_MS = 30_000
const DRAIN_MS_MAX = 5_000

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '50000' },
    spin: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
const rate = Number(values.rate)
if (!(minutes > 0) || !Number.isInteger(rate) || rate < 1) {
  console.error('soak: --minutes is a number above 0, --rate a whole number of orders a second')
  process.exit(2)
}

const terminal = new Terminal(process.stdout, process.stderr, process.env)
const router = new SoakRouter({ spins: values.spin })
const { client } = router
const samples: SoakSample[] = []
const startMs = performance.now()
const wantedMs = WARM_UP_MS + minutes * MS_PER_MINUTE
let collectedBefore = 0

function sample(): SoakSample {
  return {
    seconds: (performance.now() - startMs) / 1_000,
    orders: client.sent,
    fills: client.fills,
    coreHeapBytes: router.gauge('heapBytes'),
    rssBytes: process.memoryUsage.rss(),
    collections: router.gauge('collections') - collectedBefore,
    journalBytes: router.journalBytes(),
  }
}

function minuteLine(minute: number, now: SoakSample): string {
  const { latency } = client
  const times = `first report p50 ${latency.quantile(0.5)} us, p99 ${latency.quantile(0.99)} us`
  const memory = `core heap ${mib(now.coreHeapBytes)}, process ${mib(now.rssBytes)}, ${now.collections} collections`
  const written = `journal ${mib(now.journalBytes)}`
  return `${minute} min  ${now.orders} orders, ${now.fills} fills; ${times}; ${memory}; ${written}`
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

async function run(): Promise<void> {
  const bar = new ProgressBar(terminal, 'soak', wantedMs, 0)
  let nextMinuteMs = WARM_UP_MS + MS_PER_MINUTE
  let isWarm = false
  for (let elapsed = 0; elapsed < wantedMs; elapsed = performance.now() - startMs) {
    await pause(1_000)
    if (!isWarm && elapsed >= WARM_UP_MS) {
      isWarm = true
      collectedBefore = router.gauge('collections')
    }
    const now = sample()
    if (isWarm) samples.push(now)
    bar.update(elapsed, elapsed, `${now.orders} orders, ${now.collections} collections`)
    if (elapsed < nextMinuteMs || values.json) continue
    terminal.line(minuteLine(Math.round((nextMinuteMs - WARM_UP_MS) / MS_PER_MINUTE), now))
    nextMinuteMs += MS_PER_MINUTE
  }
  bar.end(wantedMs, performance.now() - startMs)
}

/** What is under way comes to its end. */
async function drain(): Promise<void> {
  client.begin(0, 0 as never)
  for (let waited = 0; waited < DRAIN_MS_MAX && client.fills < client.sent; waited += 10) await pause(10)
}

await router.start(rate)
await run()
await drain()
const { latency } = client
const ends = {
  denied: client.denied,
  unanswered: client.sent - client.firstReports,
  unfilled: client.sent - client.denied - client.fills,
}
const verdict = soakVerdict(samples, rate, ends)
const figures = {
  orders: client.sent,
  fills: client.fills,
  children: router.children,
  denials: client.denials,
  bookChanges: router.books,
  firstReportUs: { p50: latency.quantile(0.5), p99: latency.quantile(0.99), p999: latency.quantile(0.999) },
  journalBytesPerOrder: router.journalBytes() / Math.max(1, client.sent),
  turns: router.gauge('turns'),
  sleeps: router.gauge('sleeps'),
}
await router.stop()
const isOk = verdict.every(({ ok }) => ok)
if (values.json) {
  const machine = {
    cpus: os.availableParallelism(),
    cpu: os.cpus()[0]?.model,
    load: os.loadavg(),
    node: process.version,
  }
  terminal.line(JSON.stringify({ minutes, rate, spin: values.spin, machine, figures, samples, verdict, ok: isOk }))
} else {
  for (const { name, ok, text } of verdict) terminal.line(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${text}`)
  terminal.line(JSON.stringify(figures))
}
process.exit(isOk ? 0 : 1)
