/**
 * Changes of one book that came before its snapshot did: kept in bounded columns and given back in order. When more come
 * than fit, the oldest are forgotten together: the snapshot then has to be newer, and numbering will tell if it is not.
 */
import { ABSENT, type BookMessage } from '../venues/feed/feed-message.ts'

const MESSAGES_MAX = 1_024
const LEVELS_MAX = 32_768
const Head = { first: 0, last: 1, previous: 2, timeUs: 3, checksum: 4, levels: 5, size: 6 } as const
const Level = { price: 0, size: 1, fractions: 2, columns: 3 } as const

export class PendingUpdates {
  readonly #heads: number[] = []
  readonly #levels: number[] = []
  readonly #newest = new Float64Array([ABSENT])
  readonly #forgotten = new Float64Array([ABSENT])
  #messages = 0

  /** The last number of what did not fit: a snapshot that is older has lost something. ABSENT when nothing was forgotten. */
  get forgotten(): number {
    return this.#forgotten[0]
  }

  get count(): number {
    return this.#messages
  }

  keep(message: BookMessage): void {
    const { levels, first, last, previous, timeUs } = message
    if (this.#messages >= MESSAGES_MAX || this.#levels.length / Level.columns + levels.count > LEVELS_MAX)
      this.#forget()
    if (levels.count > LEVELS_MAX) {
      this.#forgotten[0] = last
      return
    }
    this.#newest[0] = last
    this.#heads.push(first, last, previous, timeUs, message.hasChecksum ? message.checksum : -1, levels.count)
    for (let at = 0; at < levels.count; at++) {
      const fractions = (levels.side[at] << 16) | (levels.priceFraction[at] << 8) | levels.sizeFraction[at]
      this.#levels.push(levels.price[at], levels.size[at], fractions)
    }
    this.#messages++
  }

  /** Every kept message, oldest first, through `message`; then nothing is kept any more. */
  drain(message: BookMessage, visit: () => void): void {
    const heads = this.#heads.splice(0)
    const kept = this.#levels.splice(0)
    this.#messages = 0
    this.#forgotten[0] = ABSENT
    let from = 0
    for (let at = 0; at < heads.length; at += Head.size) {
      message.clear()
      message.first = heads[at + Head.first]
      message.last = heads[at + Head.last]
      message.previous = heads[at + Head.previous]
      message.timeUs = heads[at + Head.timeUs]
      if (heads[at + Head.checksum] >= 0) message.checksum = heads[at + Head.checksum]
      const end = from + heads[at + Head.levels] * Level.columns
      for (; from < end; from += Level.columns) {
        const fractions = kept[from + Level.fractions]
        const side = (fractions >> 16) as 0 | 1
        message.levels.add(side, kept[from], (fractions >> 8) & 255, kept[from + Level.size], fractions & 255)
      }
      visit()
    }
  }

  clear(): void {
    this.#forgotten[0] = ABSENT
    this.#heads.length = 0
    this.#levels.length = 0
    this.#messages = 0
  }

  /** Everything kept is given up; its newest number stays. */
  #forget(): void {
    this.clear()
    this.#forgotten[0] = this.#newest[0]
  }
}
