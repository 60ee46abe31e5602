/**
 * Recorded books, a real order through real processes, and an independent solver: what the venues paid is the linear
 * programme's optimum to the last lot.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { CostReport, ExecutionReport, PlanExplanation } from '../../hotpath/client/order-client.ts'
import { RouterProcess } from '../fixtures/router-process.ts'

interface Rational {
  readonly numerator: number
  readonly denominator: number
}
interface SnapshotBook {
  readonly venue: string
  readonly base: string
  readonly quote: string
  readonly bids: readonly { price: Rational; qty: Rational }[]
  readonly asks: readonly { price: Rational; qty: Rational }[]
}

const data = path.resolve(process.env['SOR_DATA'] ?? '../shared/data', 'orderbook-snapshots-2019')
const value = ({ numerator, denominator }: Rational) => numerator / denominator

/** Best proceeds of selling `quantity` of BTC/USD, fees taken off, by HiGHS. */
async function bestProceeds(
  books: readonly SnapshotBook[],
  fees: ReadonlyMap<string, number>,
  quantity: number,
): Promise<number> {
  const highs = await createRequire(import.meta.url)('highs')()
  const terms: string[] = []
  const bounds: string[] = []
  const names: string[] = []
  books.forEach((book, at) => {
    const fee = (fees.get(book.venue) ?? 0) / 10_000
    book.bids.slice(0, 400).forEach(({ price, qty }, level) => {
      const name = `x${at}_${level}`
      names.push(name)
      terms.push(`+ ${value(price) * (1 - fee)} ${name}`)
      bounds.push(`0 <= ${name} <= ${value(qty)}`)
    })
  })
  const problem = `Maximize\n obj: ${terms.join(' ')}\nSubject To\n c: ${names.join(' + ')} = ${quantity}\nBounds\n ${bounds.join('\n ')}\nEnd`
  const solved = highs.solve(problem)
  expect(solved.Status).toBe('Optimal')
  return solved.ObjectiveValue
}

async function sell(
  directory: string,
  quantity: string,
): Promise<{ done: ExecutionReport; plan: PlanExplanation; cost: CostReport }> {
  const router = new RouterProcess(['--market', `replay:${directory}`])
  try {
    await router.start()
    const client = await router.connect()
    const done = await client.orderUntilDone({ symbol: 'BTC/USD', side: 'sell', type: 'market', quantity })
    const plan = await client.explain({ orderId: done.orderId })
    const cost = await client.report({ orderId: done.orderId })
    client.close()
    return { done, plan, cost }
  } finally {
    await router.remove()
  }
}

async function isOptimal(directory: string, books: readonly SnapshotBook[], quantity: string): Promise<void> {
  const { done, plan, cost } = await sell(directory, quantity)
  expect(done.ordStatus).toBe('filled')
  expect(done.cumQty).toBe(quantity)
  expect(plan.certificate.gapBps).toBe(0)
  expect(['sweep', 'search']).toContain(plan.certificate.proof)
  const fees = new Map(plan.candidates.map(({ venue, feeBps }) => [venue, feeBps]))
  const optimum = await bestProceeds(books, fees, Number(quantity))
  const proceeds = Number(cost.notional) - Number(cost.fees['USD'])
  // A fee is rounded up to 1e-8 USD per fill; nothing else may differ.
  expect(Math.abs(proceeds - optimum)).toBeLessThan(1e-4)
  expect(plan.allInQuote).toBeCloseTo(optimum, 4)
}

describe('books invented here', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sor-snapshots-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  test('an order over four books comes to the optimum', { timeout: 60_000 }, async () => {
    const level = (price: number, qty: number) => ({
      price: { numerator: Math.round(price * 100), denominator: 100 },
      qty: { numerator: Math.round(qty * 1e8), denominator: 1e8 },
    })
    const books: SnapshotBook[] = ['bitfinex', 'bitstamp', 'coinbase', 'kraken'].map((venue, at) => ({
      venue,
      base: 'BTC',
      quote: 'USD',
      bids: Array.from({ length: 60 }, (_, n) =>
        level(4_000 - at * 3 - n * (0.5 + at * 0.37), 0.1 + ((n * 7 + at * 3) % 11) / 7),
      ),
      asks: Array.from({ length: 60 }, (_, n) => level(4_001 + at * 2 + n * 0.8, 0.5)),
    }))
    writeFileSync(path.join(directory, 'instant.json'), JSON.stringify(books))
    await isOptimal(directory, books, '40')
  })
})

const reason = 'no orderbook-snapshots-2019 under SOR_DATA'
describe.skipIf(!existsSync(data))(`recorded books of 2019 (skipped when there is ${reason})`, () => {
  test('sell 40 BTC/USD over the four real books', { timeout: 60_000 }, async () => {
    const [first] = readdirSync(data)
      .filter((name) => name.endsWith('.json.gz'))
      .sort()
    const books = JSON.parse(gunzipSync(readFileSync(path.join(data, first))).toString()) as SnapshotBook[]
    const wanted = books.filter(({ base, quote }) => base === 'BTC' && quote === 'USD')
    await isOptimal(data, wanted, '40')
  })
})
