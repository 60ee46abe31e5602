/**
 * What happens next: a binary heap of a fixed number of events, each with one time that can be moved. Ties go to the
 * lower event, so that a run is the same everywhere. Nothing is allocated after boot.
 */
import { assert } from '../../../../../shared/assert.ts'

export class EventHeap {
  readonly #times: Float64Array
  /** Heap position -> event, and event -> heap position. */
  readonly #events: Int32Array
  readonly #places: Int32Array

  /** All events start at time Infinity: never. */
  constructor(count: number) {
    assert(count > 0, 'a heap holds at least one event')
    this.#times = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
    this.#events = Int32Array.from({ length: count }, (_, at) => at)
    this.#places = Int32Array.from({ length: count }, (_, at) => at)
  }

  get next(): number {
    return this.#events[0]
  }

  get nextTime(): number {
    return this.#times[this.#events[0]]
  }

  timeOf(event: number): number {
    return this.#times[event]
  }

  /** Moves one event. O(log count). */
  set(event: number, time: number): void {
    this.#times[event] = time
    this.#sinkDown(this.#floatUp(this.#places[event]))
  }

  #isBefore(a: number, b: number): boolean {
    const times = this.#times
    return times[a] < times[b] || (times[a] === times[b] && a < b)
  }

  #floatUp(place: number): number {
    let at = place
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isBefore(this.#events[at], this.#events[parent])) break
      this.#swap(at, parent)
      at = parent
    }
    return at
  }

  #sinkDown(place: number): void {
    const count = this.#events.length
    for (let at = place; ; ) {
      let least = at
      const left = 2 * at + 1
      if (left < count && this.#isBefore(this.#events[left], this.#events[least])) least = left
      if (left + 1 < count && this.#isBefore(this.#events[left + 1], this.#events[least])) least = left + 1
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const events = this.#events
    const moved = events[a]
    events[a] = events[b]
    events[b] = moved
    this.#places[events[a]] = a
    this.#places[events[b]] = b
  }
}
