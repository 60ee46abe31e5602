import type { MonoNs } from './units/time.ts'

/** A job done in small, bounded turns. Production gives it a thread; simulation takes the turns itself. */
export interface Duty {
  readonly name: string
  /** How much was done; zero lets the thread idle. */
  work(nowNs: MonoNs): number
}
