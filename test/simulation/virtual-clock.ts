/** Time as the simulation says it. */
import type { Clock } from '../../shared/clock.ts'
import { type EpochUs, type MonoNs, NS_PER_US } from '../../shared/units/time.ts'

export const EPOCH_START_US = 1_700_000_000_000_000

export class VirtualClock implements Clock {
  #ns = 1_000_000_000

  monoNs(): MonoNs {
    return this.#ns as MonoNs
  }

  epochUs(): EpochUs {
    return (EPOCH_START_US + Math.floor(this.#ns / NS_PER_US)) as EpochUs
  }

  pass(ns: number): void {
    this.#ns += ns
  }
}
