/** The real process over a real socket: it outlives its routers, and ends when it is told to or nobody needs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, test } from 'vitest'
import { BookTable } from '../../../../../hotpath/book/book-table.ts'
import { PaperFeed } from '../../../../../hotpath/marketdata/paper-feed.ts'
import { MachineClock } from '../../../../../hotpath/threads/machine-clock.ts'
import { PaperAdapter } from '../../../../../hotpath/venues/paper/paper-adapter.ts'
import { type PaperInfo, readPaperInfo } from '../../../../../hotpath/venues/paper/paper-info.ts'
import { PaperLink } from '../../../../../hotpath/venues/paper/paper-link.ts'
import { SocketPipe } from '../../../../../hotpath/venues/paper/socket-pipe.ts'
import { Prng } from '../../../../../shared/prng.ts'
import { ceilToLot, floorToTick, type QtyLots } from '../../../../../shared/units/ticks.ts'
import { BID, BUY, copyReport, type ReportCopy, testOrder } from '../../../../conformance/venue-conformance-bench.ts'

const script = fileURLToPath(new URL('../../../../../hotpath/venues/paper/paper-host.ts', import.meta.url))
const directory = mkdtempSync(path.join(tmpdir(), 'paper-host-'))
const infoFile = path.join(directory, 'info.json')
const clock = new MachineClock()
const hosts: ChildProcess[] = []

afterEach(() => {
  for (const host of hosts.splice(0)) host.kill('SIGKILL')
  rmSync(infoFile, { force: true })
})
afterAll(() => rmSync(directory, { recursive: true }))

interface Host {
  readonly process: ChildProcess
  readonly ended: Promise<number | null>
  readonly complaint: () => string
}

function start(...flags: string[]): Host {
  const child = spawn(process.execPath, [script, '--info', infoFile, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] })
  hosts.push(child)
  let complaint = ''
  child.stderr!.on('data', (text) => {
    complaint += text
  })
  return {
    process: child,
    ended: new Promise((resolve) => child.once('close', resolve)),
    complaint: () => complaint,
  }
}

async function until<Value>(look: () => Value | undefined | false): Promise<Value> {
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** A router's side over a real socket; `stop` is the sudden death of its process as the host sees it. */
class SocketRouter {
  readonly reports: ReportCopy[] = []
  readonly link: PaperLink
  books: BookTable | undefined
  #pipe: SocketPipe | undefined
  readonly #timer: NodeJS.Timeout

  constructor(info: PaperInfo) {
    this.link = new PaperLink({
      open: (events) => {
        this.#pipe = new SocketPipe(info.port, events)
        return this.#pipe
      },
      account: 'desk',
      token: () => info.token,
      allLevels: false,
      clock,
      chance: new Prng(1),
    })
    this.#timer = setInterval(() => this.#turn(), 1)
  }

  adapter(venue: number): PaperAdapter {
    return new PaperAdapter(this.link.market!.venues[venue].index, this.link)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#pipe?.close()
  }

  #turn(): void {
    this.link.work(clock.monoNs())
    const { market } = this.link
    if (market === undefined || this.books !== undefined) return
    this.books = new BookTable({ venues: market.venues.length, instruments: market.instruments.length, levelsMax: 64 })
    const feed = new PaperFeed(this.books, market.levels, this.link)
    const onVenueReport = (report: Parameters<typeof copyReport>[0]): number => this.reports.push(copyReport(report))
    this.link.attach({ onVenueReport, onVenueUp: () => {}, onVenueDown: () => {} }, feed)
  }
}

test('orders rest while routers die, a new one finds them, and SIGTERM ends the host', async () => {
  const host = start('--market', 'calibrated', '--seed', '3', '--latency-scale', '0')
  const info = await until(() => readPaperInfo(infoFile))
  expect(info).toMatchObject({ market: 'calibrated', seed: 3, pid: host.process.pid })
  if (process.platform !== 'win32') expect(statSync(infoFile).mode & 0o777).toBe(0o600)

  const first = new SocketRouter(info)
  const { listing, bid } = await until(() => {
    const listing = first.link.market?.listings[0]
    if (listing === undefined || first.books === undefined) return false
    const bid = first.books.bestPrice(first.books.row(listing.instrument, listing.venue), BID)
    return bid > 0 && { listing, bid }
  })
  const price = floorToTick(bid * 0.9, listing.tickStep)
  const lots = ceilToLot(Math.max(listing.lotsMin, (listing.notionalMin / price) * 2), listing.lotStep)
  const order = testOrder(BUY, price, Math.ceil(lots) as QtyLots, { parent: 5 })
  order.instrument = listing.instrument
  expect(first.adapter(listing.venue).place(order)).toBe(true)
  const [accepted] = await until(() => first.reports.length > 0 && first.reports)
  expect(accepted).toMatchObject({ kind: 'accepted', parent: 5 })
  first.stop()

  const second = new SocketRouter(info)
  await until(() => second.link.isUp)
  second.adapter(listing.venue).reconcile(0)
  await until(() => second.reports.some(({ kind }) => kind === 'reconciled'))
  const open = second.reports.filter(({ kind }) => kind === 'status')
  expect(open.map(({ parent, isOpen }) => [parent, isOpen])).toEqual([[5, true]])

  host.process.kill('SIGTERM')
  expect(await host.ended).toBe(0)
  expect(existsSync(infoFile)).toBe(false)
  second.stop()
}, 20_000)

test('without a router it ends by itself; a stranger on the socket does not keep it', async () => {
  const host = start('--market', 'calibrated', '--orphan-seconds', '0.5')
  const info = await until(() => readPaperInfo(infoFile))
  const stranger = connect(info.port, '127.0.0.1')
  stranger.on('error', () => {})
  expect(await host.ended).toBe(0)
  expect(existsSync(infoFile)).toBe(false)
  stranger.destroy()
}, 20_000)

test('nonsense on the socket is answered by closing it, and the host goes on', async () => {
  start('--market', 'calibrated')
  const info = await until(() => readPaperInfo(infoFile))
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\0\0\0\0\0', '{}']) {
    const stranger = connect(info.port, '127.0.0.1')
    const closed = new Promise((resolve) => stranger.once('close', resolve))
    stranger.on('error', () => {})
    stranger.end(bytes)
    await closed
  }
  const router = new SocketRouter(info)
  await until(() => router.link.isUp)
  router.stop()
}, 20_000)

test.each([
  ['--market', 'nowhere'],
  ['--seed', 'x'],
  ['--deposit', 'BTC'],
  ['--unknown', '1'],
])('%s %s: says why and does not start', async (...flags) => {
  const host = start(...flags)
  expect(await host.ended).toBe(1)
  expect(host.complaint()).toMatch(/^paper host: .+\n$/)
  expect(existsSync(infoFile)).toBe(false)
}, 20_000)
