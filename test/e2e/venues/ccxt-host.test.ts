/**
 * Orders through the router's own link and adapter, the real ccxt host process, the unmodified ccxt class of HitBTC, and a
 * simulated exchange of that dialect; the host is killed in between.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BookTable } from '../../../hotpath/book/book-table.ts'
import { PaperFeed } from '../../../hotpath/marketdata/paper-feed.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { PaperAdapter } from '../../../hotpath/venues/paper/paper-adapter.ts'
import { readPaperInfo } from '../../../hotpath/venues/paper/paper-info.ts'
import { PaperLink } from '../../../hotpath/venues/paper/paper-link.ts'
import { SocketPipe } from '../../../hotpath/venues/paper/socket-pipe.ts'
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import {
  ASK,
  BID,
  BUY,
  copyReport,
  type ReportCopy,
  SELL,
  testOrder,
} from '../../conformance/venue-conformance-bench.ts'
import { SimulatedHitbtc } from '../../fixtures/simulated-hitbtc.ts'

const script = fileURLToPath(new URL('../../../hotpath/venues/ccxt/ccxt-host.ts', import.meta.url))
const directory = mkdtempSync(path.join(tmpdir(), 'ccxt-host-'))
const infoFile = path.join(directory, 'info.json')
const clock = new MachineClock()
const keys = { key: 'simulated-key-of-a-test', secret: 'simulated-secret-of-a-test' }
const exchange = new SimulatedHitbtc(keys)
const reports: ReportCopy[] = []
let host: ChildProcess
let complaint = ''
let base = ''
let books: BookTable | undefined

const link = new PaperLink({
  open: (events) => new SocketPipe(readPaperInfo(infoFile)?.port ?? 1, events),
  account: 'desk',
  token: () => readPaperInfo(infoFile)?.token ?? '',
  allLevels: false,
  clock,
  chance: new Prng(1),
})
const adapter = new PaperAdapter(0 as VenueIndex, link)
const timer = setInterval(turn, 1)

function turn(): void {
  link.work(clock.monoNs())
  const { market } = link
  if (market === undefined || books !== undefined) return
  books = new BookTable({ venues: market.venues.length, instruments: market.instruments.length, levelsMax: 64 })
  const onVenueReport = (report: Parameters<typeof copyReport>[0]): number => reports.push(copyReport(report))
  const feed = new PaperFeed(books, market.levels, link)
  link.attach({ onVenueReport, onVenueUp: () => {}, onVenueDown: () => {} }, feed)
}

function start(): void {
  const flags = [
    '--venues',
    'hitbtc',
    '--symbols',
    'BTC/USDT,NOT/LISTED',
    '--info',
    infoFile,
    '--url-base',
    `hitbtc=${base}`,
  ]
  const environment = { PATH: process.env['PATH'], SOR_HITBTC_KEY: keys.key, SOR_HITBTC_SECRET: keys.secret }
  host = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'ignore', 'pipe'], env: environment })
  host.stderr!.on('data', (text) => {
    complaint += text
  })
}

async function until<Value>(look: () => Value | undefined | false): Promise<Value> {
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What was told of one parent from `from` on. */
function told(parent: number, from = 0): ReportCopy[] {
  return reports.slice(from).filter((report) => report.parent === parent)
}

function kinds(parent: number, from = 0): string[] {
  return told(parent, from).map(({ kind }) => kind)
}

function best(side: typeof BID | typeof ASK): number {
  return books === undefined ? -1 : books.bestPrice(books.row(0 as InstrumentIndex, 0 as VenueIndex), side)
}

beforeAll(async () => {
  base = await exchange.listen()
  exchange.update([
    [BID, 6_000_000, 100_000],
    [ASK, 6_000_100, 50_000],
    [ASK, 6_000_200, 50_000],
  ])
  start()
  await until(() => link.isUp)
})

afterAll(async () => {
  clearInterval(timer)
  link.close()
  host.kill('SIGKILL')
  await exchange.close()
  rmSync(directory, { recursive: true })
})

test('the market is what ccxt tells, in ticks and lots, and its book follows', async () => {
  expect(link.market?.venues.map(({ id }) => id)).toEqual(['hitbtc'])
  expect(link.market?.instruments).toEqual([
    { index: 0, symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', priceDigits: 2, qtyDigits: 5 },
  ])
  expect(link.market?.listings[0]).toMatchObject({
    tickStep: 1,
    lotStep: 1,
    takerPpm: 2_500,
    makerPpm: 1_000,
    feeSide: 0,
  })
  await until(() => best(ASK) === 6_000_100)
  exchange.update([[ASK, 6_000_050, 1_000]])
  await until(() => best(ASK) === 6_000_050)
  exchange.update([[ASK, 6_000_050, 0]])
  await until(() => best(ASK) === 6_000_100)
  expect(best(BID)).toBe(6_000_000)
})

test('an order is accepted, filled level by level, and its rest expires', async () => {
  expect(adapter.reconcile(0)).toBe(true)
  await until(() => reports.some(({ kind }) => kind === 'reconciled'))
  expect(reports.filter(({ kind }) => kind === 'balance').map(({ units }) => units)).toEqual([1e9, 1e13])

  expect(adapter.place(testOrder(BUY, 6_000_100, 60_000, { tif: 'ioc', parent: 2 }))).toBe(true)
  await until(() => kinds(2).includes('expired'))
  expect(kinds(2)).toEqual(['accepted', 'fill', 'expired'])
  const [, fill, end] = told(2)
  // 0.5 BTC at 60,001 is 30,000.50; a quarter of a percent of it in USDT.
  expect(fill).toMatchObject({ lots: 50_000, price: 6_000_100, filled: 50_000, fee: 7_500_125_000, feeInBase: false })
  expect(fill.execution).toBeGreaterThan(0)
  expect(end).toMatchObject({ reason: 'iocNotFilled', lots: 10_000, filled: 50_000 })
})

test('a resting order is filled as a maker, then canceled; a second cancel is refused', async () => {
  adapter.place(testOrder(BUY, 6_000_000, 20_000, { parent: 3 }))
  await until(() => kinds(3).includes('accepted'))
  exchange.trade(SELL, 6_000_000, 105_000)
  await until(() => kinds(3).includes('fill'))
  expect(told(3)[1]).toMatchObject({ lots: 5_000, price: 6_000_000, filled: 5_000, liquidity: Liquidity.maker })
  adapter.cancel(1, 3, 1)
  await until(() => kinds(3).includes('canceled'))
  expect(told(3).at(-1)).toMatchObject({ reason: 'userCancel', lots: 15_000, filled: 5_000 })
  adapter.cancel(1, 3, 1)
  await until(() => kinds(3).includes('cancelRejected'))
  expect(told(3).at(-1)).toMatchObject({ reason: 'unknownOrder' })
})

test('what the venue refuses is rejected with its reason, once and for all', async () => {
  adapter.place(testOrder(BUY, 6_000_000, 900_000, { parent: 4 }))
  await until(() => kinds(4).length > 0)
  expect(told(4)).toMatchObject([{ kind: 'rejected', reason: 'insufficientBalance' }])
})

test('a lost answer is silence; the question finds the order, which was placed once', async () => {
  const { placed } = exchange
  exchange.dropsNextAnswer = true
  adapter.place(testOrder(BUY, 5_900_000, 1_000, { parent: 5 }))
  await until(() => complaint.includes('place: NetworkError'))
  expect(kinds(5)).toEqual([])
  adapter.query(1, 5, 1)
  await until(() => kinds(5).includes('status'))
  expect(kinds(5)).toEqual(['accepted', 'status'])
  expect(told(5)[1]).toMatchObject({ isOpen: true, lots: 1_000, filled: 0 })
  expect(exchange.placed).toBe(placed + 1)
})

test('the host is killed while an order works: the next one finds it, its fills, and ends it', async () => {
  adapter.place(testOrder(SELL, 6_000_150, 30_000, { parent: 6 }))
  await until(() => kinds(6).includes('accepted'))
  host.kill('SIGKILL')
  rmSync(infoFile)
  await until(() => !link.isUp)
  exchange.trade(BUY, 6_000_150, 10_000)
  const from = reports.length
  const startedMs = performance.now()
  start()
  await until(() => link.isUp)
  const upMs = performance.now() - startedMs
  expect(upMs).toBeLessThan(8_000)

  adapter.query(1, 6, 1)
  await until(() => kinds(6, from).includes('status'))
  expect(told(6, from)).toMatchObject([
    { kind: 'fill', lots: 10_000, price: 6_000_150, filled: 10_000 },
    { kind: 'status', isOpen: true, filled: 10_000 },
  ])
  const asked = reports.length
  adapter.reconcile(0)
  await until(() => reports.slice(asked).some(({ kind }) => kind === 'reconciled'))
  const news = reports.slice(asked)
  expect(news.at(-1)?.kind).toBe('reconciled')
  const open = news
    .filter(({ kind }) => kind === 'status')
    .map(({ parent, isOpen, filled }) => [parent, isOpen, filled])
  expect(open.sort()).toEqual([
    [5, true, 0],
    [6, true, 10_000],
  ])
  // Every fill there ever was, under the numbers it had before the host died.
  const numbers = (list: ReportCopy[]): number[] =>
    list.filter(({ kind }) => kind === 'fill').map(({ execution }) => execution)
  expect(new Set(numbers(news))).toEqual(new Set(numbers(reports)))

  adapter.cancel(1, 6, 1)
  await until(() => kinds(6, from).includes('canceled'))
  expect(told(6).at(-1)).toMatchObject({ lots: 20_000, filled: 10_000 })
  adapter.cancelAll()
  await until(() => kinds(5, from).includes('canceled'))
  if (process.platform === 'linux') expect(memoryMb(host.pid!)).toBeLessThan(300)
})

test('no key is ever said, and SIGTERM ends the host', async () => {
  const ended = new Promise((resolve) => host.once('close', resolve))
  host.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(existsSync(infoFile)).toBe(false)
  expect(complaint).not.toContain(keys.key)
  expect(complaint).not.toContain(keys.secret)
})

function memoryMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
}
