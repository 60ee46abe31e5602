/**
 * Bitget's version 1 names an instrument 'EOSUSDT' in its channels and 'EOSUSDT_SPBL' in its lists; the former means a spot
 * pair or a contract. The whole name is put together here, without a string.
 */
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'

const NAME_BYTES_MAX = 48
const spot = Buffer.from('_SPBL')
const linear = Buffer.from('_UMCBL')
const inverse = Buffer.from('_DMCBL')
const LETTER_T = 0x54

export class BitgetV1Names {
  readonly #symbols: SymbolTable
  readonly #name = new Uint8Array(NAME_BYTES_MAX + linear.length)

  constructor(symbols: SymbolTable) {
    this.#symbols = symbols
  }

  /** Row of the instrument, or NO_SYMBOL. O(length). */
  find(bytes: Uint8Array, from: number, to: number, isSpot: boolean): number {
    const length = to - from
    if (length <= 0 || length > NAME_BYTES_MAX) return NO_SYMBOL
    const name = this.#name
    for (let at = 0; at < length; at++) name[at] = bytes[from + at]
    // A contract is in Tether (...USDT) or in its coin (...USD).
    const suffix = isSpot ? spot : name[length - 1] === LETTER_T ? linear : inverse
    for (let at = 0; at < suffix.length; at++) name[length + at] = suffix[at]
    return this.#symbols.find(name, 0, length + suffix.length)
  }
}
