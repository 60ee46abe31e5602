/**
 * Numbering of a whole connection (Coinbase, dYdX): every frame has the next number, whatever it tells. A hole may have held
 * anything, so all its books are given up.
 */
import { ABSENT } from './feed-message.ts'
import type { FeedSink } from './feed-venue.ts'

/** Further back than frames can be late: the venue counts anew, or the number before was wrong. */
const LATE_MAX = 1_024

export class ConnectionSequence {
  readonly #last = new Float64Array([ABSENT])

  /** Takes the number of the frame that came. False: it had passed. A hole is told to the sink before the frame is read. */
  follows(number: number, sink: FeedSink): boolean {
    const last = this.#last[0]
    if (last !== ABSENT && number <= last && number > last - LATE_MAX) return false
    this.#last[0] = number
    if (last !== ABSENT && number !== last + 1) sink.onConnectionGap()
    return true
  }
}
