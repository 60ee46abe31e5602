/** The orders of ours at one ccxt venue, as far as they must be joined to its words: symbol, venue id, what was told. */
import { formatChildId } from '../../../shared/units/ids.ts'
import type { CcxtGrid } from './ccxt-grid.ts'
import type { CcxtIdentity } from './ccxt-reporter.ts'

/** Ended orders remembered for late questions. */
const ENDED_MAX = 16_384

export class CcxtTracked implements CcxtIdentity {
  readonly epoch: number
  readonly parentSequence: number
  readonly childSequence: number
  /** Unknown for an order of another life, until it has been found. */
  grid: CcxtGrid | undefined
  /** The venue's id; '' until it says. */
  venueId = ''
  /** 0 until known: quantity and limit. */
  lots = 0
  ticks = 0
  /** Trades before this are not its own, milliseconds by the venue's clock. */
  sinceMs = 0
  isAccepted = false
  isEnded = false
  /** Its end was asked for: then it is canceled, not expired. */
  isCancelAsked = false
  /** Takes what it gets and ends: the reason an end has that nobody asked for. */
  isFok = false
  isIoc = false
  /** This process tries to place it, or has; the attempt ended then (monotonic), infinite while it is under way. */
  isTried = false
  triedNs = Number.POSITIVE_INFINITY
  /** Since when it is seen to have ended and nobody says with how much (monotonic); negative: it is not. */
  vagueNs = -1
  /** Executions told, and their lots. */
  readonly told = new Set<number>()
  toldLots = 0
  /** Everything about one order happens in turn. */
  turn: Promise<void> = Promise.resolve()

  constructor({ epoch, parentSequence, childSequence }: CcxtIdentity) {
    this.epoch = epoch
    this.parentSequence = parentSequence
    this.childSequence = childSequence
  }
}

export class CcxtOrderTable {
  readonly #byKey = new Map<string, CcxtTracked>()
  readonly #byVenueId = new Map<string, CcxtTracked>()
  readonly #open = new Set<CcxtTracked>()
  readonly #ended: CcxtTracked[] = []
  #endedAt = 0

  /** Accepted, with an end still to come. */
  get open(): ReadonlySet<CcxtTracked> {
    return this.#open
  }

  get size(): number {
    return this.#byKey.size
  }

  find(id: CcxtIdentity): CcxtTracked | undefined {
    return this.#byKey.get(keyOf(id))
  }

  ofVenueId(symbol: string, venueId: string): CcxtTracked | undefined {
    return this.#byVenueId.get(`${symbol} ${venueId}`)
  }

  track(id: CcxtIdentity): CcxtTracked {
    const known = this.find(id)
    if (known !== undefined) return known
    const order = new CcxtTracked(id)
    this.#byKey.set(keyOf(id), order)
    return order
  }

  /** The venue has it. */
  learn(order: CcxtTracked, grid: CcxtGrid, venueId: string): void {
    order.grid = grid
    if (venueId !== '' && order.venueId === '') {
      order.venueId = venueId
      this.#byVenueId.set(`${grid.symbol} ${venueId}`, order)
    }
    order.isAccepted = true
    if (!order.isEnded) this.#open.add(order)
  }

  /** Remembered for a while. */
  end(order: CcxtTracked): void {
    this.#open.delete(order)
    if (order.isEnded) return
    order.isEnded = true
    const at = this.#endedAt++ % ENDED_MAX
    if (at < this.#ended.length) this.forget(this.#ended[at])
    this.#ended[at] = order
  }

  forget(order: CcxtTracked): void {
    this.#open.delete(order)
    if (this.find(order) === order) this.#byKey.delete(keyOf(order))
    const symbol = order.grid?.symbol ?? ''
    if (this.ofVenueId(symbol, order.venueId) === order) this.#byVenueId.delete(`${symbol} ${order.venueId}`)
  }
}

function keyOf({ epoch, parentSequence, childSequence }: CcxtIdentity): string {
  return formatChildId(epoch, parentSequence, childSequence)
}
