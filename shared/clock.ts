import type { EpochUs, MonoNs } from './units/time.ts'

/** The one door to time. Read once per turn and handed down; simulation brings its own. */
export interface Clock {
  /** Nanoseconds since an origin of the clock's own; never goes back. */
  monoNs(): MonoNs
  /** Microseconds since 1970 (UTC), for what must outlive the process. */
  epochUs(): EpochUs
}
