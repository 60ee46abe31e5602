/**
 * One number for the state of the world: every kept order, child and fill and the books of account. Equal journals
 * give equal hashes; what a process only remembers (sessions, timers, round trips) is not in it.
 */
import type { ParentRow } from '../../shared/units/ids.ts'
import { NO_ROW, type OrderStore } from './order-store.ts'
import type { PositionTable } from './position-table.ts'

/** 64-bit hash, as hexadecimal text. O(rows kept). */
export function stateHash(store: OrderStore, positions: PositionTable): string {
  const hash = new Mixer()
  hash.add(store.lastSequence)
  for (let at = 0; at < store.parentCount; at++) addParent(hash, store, store.parentAt(at))
  addAll(hash, positions.lots)
  addAll(hash, positions.notional)
  addAll(hash, positions.feeQuoteUnits)
  addAll(hash, positions.feeBaseUnits)
  addAll(hash, positions.fills)
  return hash.text()
}

function addParent(hash: Mixer, store: OrderStore, row: number): void {
  const columns = [
    store.sequence,
    store.parentState,
    store.account,
    store.instrument,
    store.side,
    store.type,
    store.timeInForce,
    store.flags,
    store.reason,
    store.venuesLow,
    store.venuesHigh,
    store.slippageCentiBps,
    store.feeCentiBps,
    store.orderLots,
    store.quoteBudget,
    store.priceTicks,
    store.expireUs,
    store.createdUs,
    store.endedUs,
    store.arrivalMid,
    store.arrivalBid,
    store.arrivalAsk,
    store.replaceLots,
    store.replaceTicks,
    store.filledLots,
    store.workingLots,
    store.feeQuoteUnits,
    store.feeBaseUnits,
    store.children,
    store.openChildren,
    store.routes,
  ]
  for (const column of columns) hash.add(column[row])
  hash.add(store.notional[row * 2])
  hash.add(store.notional[row * 2 + 1])
  for (const code of store.clientIdText(row as ParentRow)) hash.add(code.charCodeAt(0))
  for (let child = store.firstChild[row]; child !== NO_ROW; child = store.childNext[child]) addChild(hash, store, child)
}

function addChild(hash: Mixer, store: OrderStore, row: number): void {
  const columns = [
    store.childVenue,
    store.childState,
    store.childEpoch,
    store.childSequence,
    store.childTimeInForce,
    store.childPostOnly,
    store.childReason,
    store.childLots,
    store.childTicks,
    store.childFilled,
    store.childClaimed,
    store.childFeeQuote,
    store.childFeeBase,
    store.childSentUs,
    store.childAckUs,
    store.childEndedUs,
    store.childDeadlineUs,
    store.childPlanNotional,
    store.childPlanCost,
  ]
  for (const column of columns) hash.add(column[row])
  const { fills } = store
  for (let fill = fills.first[row]; fill !== NO_ROW; fill = fills.next[fill]) {
    const told = [
      fills.execution,
      fills.lots,
      fills.ticks,
      fills.feeUnits,
      fills.feeInBase,
      fills.liquidity,
      fills.atUs,
    ]
    for (const column of told) hash.add(column[fill])
  }
}

function addAll(hash: Mixer, column: Float64Array): void {
  for (let row = 0; row < column.length; row++) hash.add(column[row])
}

/** Two 32-bit lanes of multiply and rotate over the bits of each double (cyrb53 by bryc, public domain, adapted). */
class Mixer {
  readonly #double = new Float64Array(1)
  readonly #words = new Uint32Array(this.#double.buffer)
  #a = 0xdeadbeef | 0
  #b = 0x41c6ce57 | 0

  add(value: number): void {
    this.#double[0] = value
    for (const word of this.#words) {
      this.#a = Math.imul(this.#a ^ word, 2654435761)
      this.#b = Math.imul(this.#b ^ word, 1597334677)
      this.#a ^= this.#b >>> 15
      this.#b ^= this.#a >>> 13
    }
  }

  text(): string {
    return (this.#a >>> 0).toString(16).padStart(8, '0') + (this.#b >>> 0).toString(16).padStart(8, '0')
  }
}
