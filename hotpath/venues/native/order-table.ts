/**
 * The orders of ours at one venue, as far as the venue's words must be joined to them: which symbol, which venue id, what
 * was told already. A memory of the wire, not of the order: the books are the core's.
 */
import { formatChildId, parseChildId } from '../../../shared/units/ids.ts'
import type { VenueUnits } from './venue-units.ts'

/** Ended orders kept for late and repeated news. */
const ENDED_MAX = 16_384

export interface Identity {
  readonly epoch: number
  readonly parentSequence: number
  readonly childSequence: number
}

export interface HeldEnd {
  readonly filled: string
  readonly timeMs: number
}

export class TrackedOrder implements Identity {
  readonly clientId: string
  readonly epoch: number
  readonly parentSequence: number
  readonly childSequence: number
  readonly units: VenueUnits
  /** 0 until known: an order of an earlier life. */
  lots = 0
  ticks = 0
  /** What the venue calls it; '' until it says. */
  venueId = ''
  /** Of an order that was replaced by a new one under our id: its end is no news. */
  oldVenueId = ''
  isAccepted = false
  isEnded = false
  /** Its request is unanswered: it may still arrive. */
  isPlacing = false
  /** Since when the venue, which had it, says that it has it not; 0: it does not say so. Monotonic. */
  missingNs = 0
  /** Nobody knows whether it is there: forgotten in time, as if it had ended. */
  isFading = false
  /** A replace is on its way: the end of the old order may be half of it. */
  isReplacing = false
  heldEnd: HeldEnd | undefined
  /** Told so far. */
  filledLots = 0

  /** The venue has said something of it. */
  get isKnownThere(): boolean {
    return this.isAccepted || this.filledLots > 0 || this.venueId !== ''
  }

  constructor(clientId: string, identity: Identity, units: VenueUnits) {
    this.clientId = clientId
    this.epoch = identity.epoch
    this.parentSequence = identity.parentSequence
    this.childSequence = identity.childSequence
    this.units = units
  }
}

export class OrderTable {
  readonly #byClientId = new Map<string, TrackedOrder>()
  readonly #byVenueId = new Map<string, TrackedOrder>()
  readonly #ended: TrackedOrder[] = []
  #endedAt = 0

  get size(): number {
    return this.#byClientId.size
  }

  ofIdentity(epoch: number, parentSequence: number, childSequence: number): TrackedOrder | undefined {
    return this.#byClientId.get(formatChildId(epoch, parentSequence, childSequence))
  }

  ofClientId(clientId: string): TrackedOrder | undefined {
    return this.#byClientId.get(clientId)
  }

  ofVenueId(symbolName: string, venueId: string): TrackedOrder | undefined {
    return this.#byVenueId.get(venueKey(symbolName, venueId))
  }

  /** Begins to follow an order by its id; undefined when the id is not one of ours. Known ones stay as they are. */
  track(clientId: string, units: VenueUnits): TrackedOrder | undefined {
    const known = this.#byClientId.get(clientId)
    if (known !== undefined) return known
    const parsed = parseChildId(clientId)
    if (parsed === undefined) return undefined
    const identity = { epoch: parsed.epoch, parentSequence: parsed.parent, childSequence: parsed.sequence }
    const order = new TrackedOrder(clientId, identity, units)
    this.#byClientId.set(clientId, order)
    return order
  }

  learnVenueId(order: TrackedOrder, venueId: string): void {
    if (venueId === '' || order.venueId !== '') return
    order.venueId = venueId
    this.#byVenueId.set(venueKey(order.units.symbol.name, venueId), order)
  }

  /** The venue goes on with a new order under the same client id. */
  moveVenueId(order: TrackedOrder, venueId: string): void {
    if (venueId === '' || venueId === order.venueId) return
    order.oldVenueId = order.venueId
    order.venueId = ''
    this.learnVenueId(order, venueId)
  }

  /** It ended: remembered for a while. */
  end(order: TrackedOrder): void {
    if (order.isEnded) return
    order.isEnded = true
    this.#remember(order)
  }

  /** The venue knows it not: remembered for a while too, since it may turn up. */
  fade(order: TrackedOrder): void {
    if (order.isEnded || order.isFading) return
    order.isFading = true
    this.#remember(order)
  }

  #remember(order: TrackedOrder): void {
    const at = this.#endedAt++ % ENDED_MAX
    if (at < this.#ended.length) this.#forget(this.#ended[at])
    this.#ended[at] = order
  }

  #forget(order: TrackedOrder): void {
    if (!order.isEnded && order.isAccepted) {
      // It turned up and is open.
      order.isFading = false
      return
    }
    if (this.#byClientId.get(order.clientId) === order) this.#byClientId.delete(order.clientId)
    for (const venueId of [order.venueId, order.oldVenueId]) {
      const key = venueKey(order.units.symbol.name, venueId)
      if (this.#byVenueId.get(key) === order) this.#byVenueId.delete(key)
    }
  }
}

function venueKey(symbolName: string, venueId: string): string {
  return `${symbolName} ${venueId}`
}
