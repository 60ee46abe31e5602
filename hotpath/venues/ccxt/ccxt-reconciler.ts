/**
 * How a router and one ccxt venue come to agree: the fills of the last day that are ours, every open order, the balances,
 * reconciled. A part that fails is begun again, ever later, until the whole was told or the router is gone.
 */
import { type MonoNs, US_PER_MS } from '../../../shared/units/time.ts'
import { floorBalance } from '../native/fee-units.ts'
import { decimalWord } from '../native/json-words.ts'
import type { CcxtOrder, CcxtTrade } from './ccxt-client.ts'
import type { CcxtFinder } from './ccxt-finder.ts'
import type { CcxtGrid } from './ccxt-grid.ts'
import { CcxtLoop } from './ccxt-loop.ts'
import type { CcxtOrderTable, CcxtTracked } from './ccxt-order-table.ts'
import { type CcxtOrdersOptions, LOOK_BACK_MS } from './ccxt-orders.ts'
import type { CcxtReporter } from './ccxt-reporter.ts'

/** Trades of orders that no list tells are asked about one by one, up to here. */
const ASKED_MAX = 50

export class CcxtReconciler {
  readonly #options: CcxtOrdersOptions
  readonly #table: CcxtOrderTable
  readonly #finder: CcxtFinder
  readonly #reporter: CcxtReporter
  readonly #loop: CcxtLoop
  /** Sessions that wait. */
  readonly #askers: number[] = []

  constructor(options: CcxtOrdersOptions, table: CcxtOrderTable, finder: CcxtFinder, reporter: CcxtReporter) {
    this.#options = options
    this.#table = table
    this.#finder = finder
    this.#reporter = reporter
    this.#loop = new CcxtLoop('reconciling', options.say)
  }

  ask(asker: number): void {
    if (!this.#askers.includes(asker)) this.#askers.push(asker)
  }

  work(nowNs: MonoNs): number {
    while (this.#askers.length > 0 && !this.#options.reports.isConnected(this.#askers[0])) this.#askers.shift()
    if (this.#askers.length === 0) return 0
    return this.#loop.work(nowNs, 0, () => this.#reconcile(this.#askers[0])) ? 1 : 0
  }

  async #reconcile(asker: number): Promise<void> {
    const sinceMs = Math.floor(this.#options.clock.epochUs() / US_PER_MS) - LOOK_BACK_MS
    const open: { tracked: CcxtTracked; filled: number }[] = []
    for (const grid of this.#finder.grids) {
      for (const order of await this.#finder.openOrders(grid)) {
        const tracked = this.#adopt(grid, order)
        if (tracked !== undefined) open.push({ tracked, filled: Math.max(0, grid.lots(order.filled)) })
      }
      await this.#repeatFills(asker, grid, sinceMs)
    }
    const { free = {} } = await this.#options.client.fetchBalance()
    for (const { tracked, filled } of open) {
      // It may have ended while we asked: then its end was told.
      if (!tracked.isEnded) this.#reporter.status(asker, tracked, true, Math.max(filled, tracked.toldLots))
    }
    for (const [row, asset] of this.#options.assets.entries()) {
      const units = floorBalance(decimalWord(Object.hasOwn(free, asset) ? free[asset] : 0))
      this.#reporter.balance(asker, row, units < 0 ? floorBalance('') : units)
    }
    this.#reporter.reconciled(asker)
    const at = this.#askers.indexOf(asker)
    // It may have left, and another may be waiting in its place.
    if (at >= 0) this.#askers.splice(at, 1)
  }

  async #repeatFills(asker: number, grid: CcxtGrid, sinceMs: number): Promise<void> {
    const trades = await this.#finder.tradesSince(grid, sinceMs)
    const byOrder = Map.groupBy(trades, ({ order }) => order ?? '')
    byOrder.delete('')
    if (byOrder.size === 0) return
    await this.#adoptEnded(grid, sinceMs, byOrder)
    for (const [venueId, own] of byOrder) {
      const tracked = this.#table.ofVenueId(grid.symbol, venueId)
      if (tracked !== undefined) this.#tell(asker, tracked, own, grid)
    }
  }

  #tell(asker: number, tracked: CcxtTracked, trades: readonly CcxtTrade[], grid: CcxtGrid): void {
    let filled = 0
    for (const fill of this.#finder.fills(trades, grid)) {
      filled += fill.lots
      if (!tracked.told.has(fill.execution)) tracked.toldLots += fill.lots
      tracked.told.add(fill.execution)
      this.#reporter.fill(asker, tracked, fill, filled)
    }
  }

  /** Orders that traded and are not open: whose are they? */
  async #adoptEnded(grid: CcxtGrid, sinceMs: number, byOrder: ReadonlyMap<string, unknown>): Promise<void> {
    const isUnknown = (venueId: string): boolean => this.#table.ofVenueId(grid.symbol, venueId) === undefined
    if (![...byOrder.keys()].some(isUnknown)) return
    const ended = await this.#finder.endedOrders(grid, sinceMs)
    for (const order of ended) if (isUnknown(order.id ?? '')) this.#adopt(grid, order, true)
    const told = new Set(ended.map(({ id }) => id))
    const asked = [...byOrder.keys()].filter((venueId) => !told.has(venueId) && isUnknown(venueId))
    for (const venueId of asked.slice(-ASKED_MAX)) {
      const order = await this.#finder.byVenueId(grid, venueId)
      if (order !== undefined) this.#adopt(grid, order, true)
    }
  }

  /** The order, when it is ours. */
  #adopt(grid: CcxtGrid, order: CcxtOrder, isEnded = false): CcxtTracked | undefined {
    const id = this.#finder.identityOf(order)
    if (id === undefined || order.id === undefined || order.id === '') return undefined
    const tracked = this.#table.track(id)
    if (isEnded) this.#table.end(tracked)
    if (tracked.lots === 0) tracked.lots = Math.max(0, grid.lots(order.amount))
    if (tracked.ticks === 0) tracked.ticks = Math.max(0, grid.ticks(order.price))
    if (tracked.sinceMs === 0) tracked.sinceMs = order.timestamp ?? 0
    this.#table.learn(tracked, grid, order.id)
    return tracked
  }
}
