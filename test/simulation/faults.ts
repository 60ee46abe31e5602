/** What may go wrong in one run, drawn from its seed: probabilities per frame or per turn, times in nanoseconds. */
import type { Prng } from '../../shared/prng.ts'
import { NS_PER_MS } from '../../shared/units/time.ts'

export interface Faults {
  active: boolean
  readonly delayNs: number
  readonly drop: number
  readonly duplicate: number
  readonly reorder: number
  /** Per turn: the connection breaks. */
  readonly disconnect: number
  /** Per attempt: it does not open. */
  readonly refuse: number
  /** Per turn: the router's process dies; also at a journal record now and then. */
  readonly crash: number
  /** Per turn: the disk stops, or goes on again. */
  readonly stallDisk: number
}

export function noFaults(): Faults {
  return {
    active: false,
    delayNs: 0,
    drop: 0,
    duplicate: 0,
    reorder: 0,
    disconnect: 0,
    refuse: 0,
    crash: 0,
    stallDisk: 0,
  }
}

/** Most runs have some kinds of fault, some have all, one in eight has none. */
export function drawFaults(chance: Prng): Faults {
  const some = (most: number) => (chance.chance(0.5) ? 0 : chance.nextFloat() * most)
  if (chance.chance(0.125)) return noFaults()
  return {
    active: true,
    delayNs: chance.nextExponential(2 * NS_PER_MS),
    drop: some(0.1),
    duplicate: some(0.1),
    reorder: some(0.2),
    disconnect: some(0.005),
    refuse: some(0.3),
    crash: some(0.004),
    stallDisk: some(0.005),
  }
}
