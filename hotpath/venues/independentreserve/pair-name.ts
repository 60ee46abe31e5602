/** Rows of 'btc-aud' where a venue names base and quote apart and in any case of letters: composed in bytes, no string is made. */
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'

const NAME_BYTES_MAX = 64
const DASH = 0x2d
const CAPITAL_A = 0x41
const CAPITAL_Z = 0x5a

export class PairName {
  readonly #symbols: SymbolTable
  readonly #bytes = new Uint8Array(NAME_BYTES_MAX)
  #baseLength = 0

  constructor(symbols: SymbolTable) {
    this.#symbols = symbols
  }

  setBase(bytes: Uint8Array, from: number, to: number): void {
    this.#baseLength = this.#write(0, bytes, from, to)
    if (this.#baseLength > 0) this.#bytes[this.#baseLength++] = DASH
  }

  /** Row of the base set before and this quote, or NO_SYMBOL. */
  row(bytes: Uint8Array, from: number, to: number): number {
    const length = this.#baseLength === 0 ? 0 : this.#write(this.#baseLength, bytes, from, to)
    return length === 0 ? NO_SYMBOL : this.#symbols.find(this.#bytes, 0, length)
  }

  /** Length of the name so far; 0 when nothing was written or it is too long. */
  #write(at: number, bytes: Uint8Array, from: number, to: number): number {
    if (to <= from || at + to - from >= NAME_BYTES_MAX) return 0
    let end = at
    for (let i = from; i < to; i++) {
      const letter = bytes[i]
      this.#bytes[end++] = letter >= CAPITAL_A && letter <= CAPITAL_Z ? letter + 32 : letter
    }
    return end
  }
}
