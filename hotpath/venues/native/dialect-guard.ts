/**
 * The line between a venue's nonsense and our own mistakes: what a dialect throws while it reads is the venue's and is counted;
 * what our own core throws while it is told goes on up and stops the process, as it must.
 */
import type { VenueReport } from '../../orders/venue-report.ts'
import type { NativeCounters } from './native-counters.ts'

export class DialectGuard {
  readonly #counters: NativeCounters
  readonly #tell: (report: VenueReport) => void
  #isOurs = false

  constructor(counters: NativeCounters, tell: (report: VenueReport) => void) {
    this.#counters = counters
    this.#tell = tell
  }

  /** Hands a report to the core. */
  tell(report: VenueReport): void {
    try {
      this.#tell(report)
    } catch (error) {
      this.#isOurs = true
      throw error
    }
  }

  /** What `look` reads; undefined when it threw over the venue's words, of which `sample` is kept. */
  read<T>(sample: string, look: () => T): T | undefined {
    try {
      return look()
    } catch (error) {
      if (this.#isOurs) throw error
      this.#counters.noteNonsense(sample)
      return undefined
    }
  }
}
