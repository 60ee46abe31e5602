/** One number for a whole kept book: equal books have equal hashes, however they were told. FNV-1a over its levels as text. */

import { decimalText } from '../../shared/units/decimal-text.ts'
import type { DepthBook } from '../book/depth-book.ts'

/** Sixteen hexadecimal digits. Levels are written as decimals, so that the grid a book happens to be on does not matter. O(levels). */
export function depthHash(depth: DepthBook): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (const side of [depth.bids, depth.asks]) {
    for (let at = 0; at < side.count; at++) {
      const text = `${decimalText(side.prices[at], depth.priceDigits)}:${decimalText(side.sizes[at], depth.sizeDigits)};`
      for (let i = 0; i < text.length; i++) {
        high = Math.imul(high ^ text.charCodeAt(i), 0x01000193)
        low = Math.imul(low ^ (high >>> 7), 0x85ebca6b)
      }
    }
    high = Math.imul(high ^ 0x7c, 0x01000193)
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
