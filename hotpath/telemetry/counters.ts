/**
 * Numbered figures over one typed array, which may lie in shared memory: one writer, any number of readers. A counter
 * only grows while the router runs, a gauge is how something stands now; each has its unit and its meaning in one table.
 */

export interface CounterFacts {
  /** As Prometheus knows it, unit last; what ends in _total is a counter, the rest are gauges. */
  readonly name: string
  readonly unit: 'count' | 'bytes' | 'seconds' | 'ratio'
  readonly meaning: string
  /** One of several figures under the same name (and beside each other), told apart by this label. */
  readonly label?: readonly [name: string, value: string]
}

/** What the core counts; append only, the numbers are places in memory. */
export const CoreCounter = {
  ordersAccepted: 0,
  ordersOpen: 1,
  reroutes: 2,
  childrenSent: 3,
  childrenNotSent: 4,
  childrenWaiting: 5,
  cancelsSent: 6,
  fills: 7,
  lateFills: 8,
  venueReports: 9,
  reportsRepeated: 10,
  reportsForeign: 11,
  reportsNonsense: 12,
} as const
export type CoreCounter = (typeof CoreCounter)[keyof typeof CoreCounter]

/** By CoreCounter. */
export const coreCounterFacts: readonly CounterFacts[] = [
  counted('sor_orders_accepted_total', 'Orders accepted, over all runs of this journal.'),
  counted('sor_orders_open', 'Orders open now.'),
  counted('sor_reroutes_total', 'Routes of an order after its first.'),
  counted('sor_children_sent_total', 'Child orders handed to the door of their venue.'),
  counted('sor_children_not_sent_total', 'Child orders that certainly did not go out: the door was shut.'),
  counted('sor_children_waiting', 'Child orders that go out when their intent is on disk.'),
  counted('sor_cancels_sent_total', 'Cancels of child orders handed to the door of their venue.'),
  counted('sor_fills_total', 'Fills booked.'),
  counted('sor_late_fills_total', 'Fills booked after their order had ended.'),
  counted('sor_venue_reports_total', 'Reports heard from venues.'),
  counted('sor_venue_reports_repeated_total', 'Reports that changed nothing.'),
  counted('sor_venue_reports_foreign_total', 'Reports that name no order of ours.'),
  counted('sor_venue_reports_nonsense_total', 'Reports with numbers that cannot be: not booked, asked again.'),
]

function counted(name: string, meaning: string): CounterFacts {
  return { name, unit: 'count', meaning }
}

export function countersBytes(facts: readonly CounterFacts[]): number {
  return facts.length * Float64Array.BYTES_PER_ELEMENT
}

export class Counters {
  readonly facts: readonly CounterFacts[]
  readonly #values: Float64Array

  /** `memory` at `offset`, a multiple of 8, holds `countersBytes`. */
  constructor(
    facts: readonly CounterFacts[],
    memory: ArrayBufferLike = new ArrayBuffer(countersBytes(facts)),
    offset = 0,
  ) {
    this.facts = facts
    this.#values = new Float64Array(memory, offset, facts.length)
  }

  value(counter: number): number {
    return this.#values[counter]
  }

  /** One more; allocates nothing. */
  count(counter: number): void {
    this.#values[counter] += 1
  }

  add(counter: number, amount: number): void {
    this.#values[counter] += amount
  }

  /** For gauges, and for counters that are kept elsewhere and looked up. */
  set(counter: number, value: number): void {
    this.#values[counter] = value
  }
}
