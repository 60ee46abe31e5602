import type { VenueIndex } from '../units/ids.ts'

export interface Venue {
  readonly index: VenueIndex
  /** Lower-case ccxt id: 'binance'. */
  readonly id: string
  readonly name: string
  /** Child orders a second the venue accepts, and how many at once. */
  readonly ordersPerSecond: number
  readonly ordersBurst: number
}
