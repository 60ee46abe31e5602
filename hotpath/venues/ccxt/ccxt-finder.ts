/**
 * Reads what a venue knows of our orders: one order by whatever name it answers to, its trades, all trades since. Fills come
 * from one place only (the account's trades), so that an execution has the same id however often it is read. Throws what
 * ccxt throws; "not there" is an answer only when every way to find the order says so.
 */
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import type { AssetUnits } from '../../../shared/units/ticks.ts'
import { US_PER_MS } from '../../../shared/units/time.ts'
import { executionNumber } from '../native/execution-number.ts'
import { feeAgainstUs, feeAtListedRate } from '../native/fee-units.ts'
import { decimalWord } from '../native/json-words.ts'
import { type CcxtClient, type CcxtOrder, type CcxtTrade, canDo } from './ccxt-client.ts'
import { CcxtOutcome, verdictOf } from './ccxt-errors.ts'
import type { CcxtGrid } from './ccxt-grid.ts'
import type { CcxtTracked } from './ccxt-order-table.ts'
import type { CcxtFill, CcxtIdentity } from './ccxt-reporter.ts'
import { type ClientIdRule, formatClientId, parseClientId } from './client-order-id.ts'

const PAGE_TRADES = 100
/** Some venues give shorter pages than asked for: below this many it was the last one. */
const PAGE_TRADES_LEAST = 50
const PAGES_MAX = 40

export interface FoundOrder {
  readonly grid: CcxtGrid
  readonly order: CcxtOrder
}

export class FinderCounters {
  /** Readings of a trade whose price or quantity is not on the grid: not told, the router keeps asking. */
  unreadable = 0
  /** Readings of a fee in a third asset, or of none: booked at the listed rate. */
  feesEstimated = 0
}

export class CcxtFinder {
  readonly #client: CcxtClient
  readonly #rule: ClientIdRule
  readonly grids: readonly CcxtGrid[]
  readonly counters = new FinderCounters()

  constructor(client: CcxtClient, rule: ClientIdRule, grids: readonly CcxtGrid[]) {
    this.#client = client
    this.#rule = rule
    this.grids = grids
  }

  /** Whose order this is, when it is ours. */
  identityOf(order: CcxtOrder): CcxtIdentity | undefined {
    const id = parseClientId(this.#rule, order.clientOrderId)
    return id === undefined ? undefined : { epoch: id.epoch, parentSequence: id.parent, childSequence: id.sequence }
  }

  /** Undefined: certainly not there. `sinceMs`: where a search in ended orders begins. */
  async find(tracked: CcxtTracked, sinceMs: number): Promise<FoundOrder | undefined> {
    const grids = tracked.grid === undefined ? this.grids : [tracked.grid]
    for (const grid of grids) {
      const order = await this.#ask(tracked, grid)
      if (order !== undefined) return { grid, order }
    }
    for (const grid of grids) {
      const isIt = (order: CcxtOrder): boolean => this.#isIt(tracked, order)
      const order = (await this.openOrders(grid)).find(isIt) ?? (await this.endedOrders(grid, sinceMs)).find(isIt)
      if (order !== undefined) return { grid, order }
    }
    return undefined
  }

  async openOrders(grid: CcxtGrid): Promise<readonly CcxtOrder[]> {
    return this.#client.fetchOpenOrders(grid.symbol)
  }

  async endedOrders(grid: CcxtGrid, sinceMs: number): Promise<readonly CcxtOrder[]> {
    return canDo(this.#client, 'fetchClosedOrders') ? this.#client.fetchClosedOrders(grid.symbol, sinceMs) : []
  }

  /** By the venue's own id; undefined when it knows none, or cannot be asked. */
  async byVenueId(grid: CcxtGrid, venueId: string): Promise<CcxtOrder | undefined> {
    if (!canDo(this.#client, 'fetchOrder')) return undefined
    const order = await absentAsUndefined(this.#client.fetchOrder(venueId, grid.symbol))
    return order?.id === venueId ? order : undefined
  }

  /** The fills of one order, oldest first. */
  async fillsOf(tracked: CcxtTracked, grid: CcxtGrid): Promise<readonly CcxtFill[]> {
    if (!canDo(this.#client, 'fetchMyTrades')) return this.#orderTrades(tracked, grid)
    const trades = await this.tradesSince(grid, tracked.sinceMs)
    const own = trades.filter(({ order }) => order === tracked.venueId)
    // Some venues do not say whose a trade is unless asked about one order. Where ccxt's id is the client's, this is no way.
    if (own.length === 0 && this.#rule.query !== 'id' && canDo(this.#client, 'fetchOrderTrades')) {
      return this.#orderTrades(tracked, grid)
    }
    return this.fills(own, grid)
  }

  /** Every trade of the account there, oldest first, page by page. */
  async tradesSince(grid: CcxtGrid, sinceMs: number): Promise<readonly CcxtTrade[]> {
    const trades = new Map<string, CcxtTrade>()
    let fromMs = Math.max(0, Math.floor(sinceMs))
    for (let page = 0; page < PAGES_MAX; page++) {
      const before = trades.size
      const told = await this.#client.fetchMyTrades(grid.symbol, fromMs, PAGE_TRADES)
      for (const trade of told) {
        if (trade.id !== undefined) trades.set(trade.id, trade)
        fromMs = Math.max(fromMs, trade.timestamp ?? 0)
      }
      if (told.length < PAGE_TRADES_LEAST || trades.size === before) break
    }
    return [...trades.values()].sort(byAge)
  }

  fills(trades: readonly CcxtTrade[], grid: CcxtGrid): readonly CcxtFill[] {
    const fills: CcxtFill[] = []
    for (const trade of [...trades].sort(byAge)) {
      const fill = this.#fill(trade, grid)
      if (fill === undefined) this.counters.unreadable++
      else fills.push(fill)
    }
    return fills
  }

  async #orderTrades(tracked: CcxtTracked, grid: CcxtGrid): Promise<readonly CcxtFill[]> {
    if (tracked.venueId === '') return []
    return this.fills(await this.#client.fetchOrderTrades(tracked.venueId, grid.symbol), grid)
  }

  async #ask(tracked: CcxtTracked, grid: CcxtGrid): Promise<CcxtOrder | undefined> {
    if (tracked.venueId !== '') {
      const order = await this.byVenueId(grid, tracked.venueId)
      if (order !== undefined) return order
    }
    if (this.#rule.query === '' || !canDo(this.#client, 'fetchOrder')) return undefined
    const id = formatClientId(this.#rule.format, {
      epoch: tracked.epoch,
      parent: tracked.parentSequence,
      sequence: tracked.childSequence,
    })
    if (id === undefined) return undefined
    const asked =
      this.#rule.query === 'id'
        ? this.#client.fetchOrder(this.#rule.prefix + id, grid.symbol)
        : this.#client.fetchOrder(undefined, grid.symbol, { [this.#rule.query]: id })
    const order = await absentAsUndefined(asked)
    // A class may make an order of nothing out of an empty answer.
    return order !== undefined && this.#isIt(tracked, order) ? order : undefined
  }

  #isIt(tracked: CcxtTracked, order: CcxtOrder): boolean {
    if (order.id === undefined || order.id === '') return false
    const id = this.identityOf(order)
    if (id === undefined) return tracked.venueId !== '' && order.id === tracked.venueId
    return (
      id.epoch === tracked.epoch &&
      id.parentSequence === tracked.parentSequence &&
      id.childSequence === tracked.childSequence
    )
  }

  #fill(trade: CcxtTrade, grid: CcxtGrid): CcxtFill | undefined {
    const lots = grid.lots(trade.amount)
    const ticks = grid.ticks(trade.price)
    if (lots <= 0 || ticks <= 0 || trade.id === undefined || trade.id === '') return undefined
    const isMaker = trade.takerOrMaker === 'maker'
    return {
      execution: executionNumber(grid.symbol, trade.id),
      lots,
      ticks,
      ...this.#fee(trade, grid, ticks, lots, isMaker),
      liquidity: isMaker ? Liquidity.maker : trade.takerOrMaker === 'taker' ? Liquidity.taker : Liquidity.none,
      timeUs: (trade.timestamp ?? 0) * US_PER_MS,
    }
  }

  /** In quote or base as told; what we cannot express, or are not told, at the listed rate and counted. */
  #fee(
    trade: CcxtTrade,
    { units: { instrument, listing } }: CcxtGrid,
    ticks: number,
    lots: number,
    isMaker: boolean,
  ): { feeUnits: AssetUnits; feeInBase: boolean } {
    const told = trade.fees !== undefined && trade.fees.length > 0 ? trade.fees : trade.fee ? [trade.fee] : []
    if (told.length === 1) {
      const [{ cost, currency }] = told
      const text = decimalWord(cost)
      const feeInBase = currency === instrument.base
      if (text !== '' && (feeInBase || currency === instrument.quote))
        return { feeUnits: feeAgainstUs(text), feeInBase }
    }
    this.counters.feesEstimated++
    return { feeUnits: feeAtListedRate(instrument, listing, ticks, lots, isMaker), feeInBase: false }
  }
}

async function absentAsUndefined(asked: Promise<CcxtOrder | undefined>): Promise<CcxtOrder | undefined> {
  try {
    return await asked
  } catch (error) {
    if (verdictOf(error).outcome === CcxtOutcome.notFound) return undefined
    throw error
  }
}

function byAge(a: CcxtTrade, b: CcxtTrade): number {
  const age = (a.timestamp ?? 0) - (b.timestamp ?? 0)
  if (age !== 0) return age
  const [left, right] = [a.id ?? '', b.id ?? '']
  if (left.length !== right.length) return left.length - right.length
  return left < right ? -1 : left > right ? 1 : 0
}
