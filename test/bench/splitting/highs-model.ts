/**
 * The same problem as a model for HiGHS, written from its definition alone: a variable per level, and where the terms
 * are discrete an integer number of steps and a yes or no per venue. Objective in basis points of the order over the
 * best price, lots as they are.
 */
import type { ModelData } from 'highs'
import { BookSide } from '../../../hotpath/book/book-table.ts'
import { Side } from '../../../shared/domain/order.ts'
import type { RandomMarket } from './random-market.ts'

/** One venue's levels, best first, as the definition reads them. */
interface Ladder {
  readonly prices: readonly number[]
  readonly lots: readonly number[]
  /** Least lots that satisfy minimum quantity and notional on the step; infinite when the book cannot. */
  readonly least: number
  readonly total: number
}

export interface HighsProblem {
  readonly model: ModelData
  /** Signed cost of a solution of the model, from its venue totals rounded to lots: micro-ticks x lots. */
  costOf(values: Float64Array): { cost: number; lots: number; isLegal: boolean }
}

export function readLadder(market: RandomMarket, row: number): Ladder {
  const { books, candidates, side } = market
  const bookSide = side === Side.buy ? BookSide.ask : BookSide.bid
  const bookRow = candidates.bookRow[row] as Parameters<typeof books.count>[0]
  const offset = books.offset(bookRow, bookSide)
  const prices: number[] = []
  const lots: number[] = []
  for (let at = offset + books.count(bookRow, bookSide) - 1; at >= offset; at--) {
    prices.push(books.prices[at])
    lots.push(books.lots[at])
  }
  const total = lots.reduce((sum, level) => sum + level, 0)
  const step = candidates.lotStep[row]
  let least = Math.max(step, Math.ceil(candidates.lotsMin[row] / step) * step)
  while (least <= total && notionalOf(prices, lots, least) < candidates.notionalMin[row]) least += step
  return { prices, lots, least: least <= total ? least : Number.POSITIVE_INFINITY, total }
}

/** Raw cost of the best `wanted` lots, ticks x lots. */
export function notionalOf(prices: readonly number[], lots: readonly number[], wanted: number): number {
  let left = wanted
  let sum = 0
  for (let level = 0; level < prices.length && left > 0; level++) {
    const take = Math.min(left, lots[level])
    sum += take * prices[level]
    left -= take
  }
  return sum
}

/** `target` lots exactly, by venues under their terms. */
export function buildProblem(market: RandomMarket, target: number, isDiscrete: boolean): HighsProblem {
  const { candidates, side } = market
  const sign = side === Side.buy ? 1 : -1
  const ladders = Array.from({ length: candidates.count }, (_, row) => readLadder(market, row))
  const best = Math.min(...ladders.map((ladder, row) => sign * ladder.prices[0] * candidates.feeFactor[row]))
  const unit = (Math.abs(best) * target) / 10_000
  const cost: number[] = []
  const upper: number[] = []
  const integrality: number[] = []
  const entries: { row: number; column: number; value: number }[] = []
  const rowLower = [target]
  const rowUpper = [target]
  const firstColumn: number[] = []
  const column = (price: number, most: number, isInteger: boolean) => {
    cost.push(price / unit)
    upper.push(most)
    integrality.push(isInteger ? 1 : 0)
    return cost.length - 1
  }
  const constraint = (low: number, high: number) => {
    rowLower.push(low)
    rowUpper.push(high)
    return rowLower.length - 1
  }
  const counted = isDiscrete && market.childrenMax > 0 ? constraint(0, market.childrenMax) : -1
  for (let row = 0; row < ladders.length; row++) {
    const ladder = ladders[row]
    firstColumn.push(cost.length)
    for (let level = 0; level < ladder.prices.length; level++) {
      const price = sign * ladder.prices[level] * candidates.feeFactor[row] - best
      entries.push({ row: 0, column: column(price, ladder.lots[level], false), value: 1 })
    }
    if (!isDiscrete) continue
    const levels = ladder.prices.map((_, level) => firstColumn[row] + level)
    const step = candidates.lotStep[row]
    const steps = column(0, Math.floor(Math.min(ladder.total, target) / step), true)
    const grid = constraint(0, 0)
    for (const level of levels) entries.push({ row: grid, column: level, value: 1 })
    entries.push({ row: grid, column: steps, value: -step })
    const isUsable = ladder.least <= Math.min(target, ladder.total)
    const used = column(candidates.childCost[row] * 1_000_000, isUsable ? 1 : 0, true)
    const most = constraint(Number.NEGATIVE_INFINITY, 0)
    entries.push({ row: most, column: steps, value: step })
    entries.push({ row: most, column: used, value: -Math.min(ladder.total, target) })
    if (isUsable && ladder.least > step) {
      const least = constraint(0, Number.POSITIVE_INFINITY)
      entries.push({ row: least, column: steps, value: step })
      entries.push({ row: least, column: used, value: -ladder.least })
    }
    if (counted >= 0) entries.push({ row: counted, column: used, value: 1 })
  }
  return {
    model: toModel(cost, upper, integrality, entries, rowLower, rowUpper),
    costOf(values) {
      let total = 0
      let lots = 0
      let venues = 0
      let isLegal = true
      for (let row = 0; row < ladders.length; row++) {
        const ladder = ladders[row]
        let sum = 0
        for (let level = 0; level < ladder.prices.length; level++) sum += values[firstColumn[row] + level]
        const step = isDiscrete ? candidates.lotStep[row] : 1
        const taken = Math.round(sum / step) * step
        if (taken === 0) continue
        if (isDiscrete && taken < ladder.least) isLegal = false
        venues++
        lots += taken
        total += sign * notionalOf(ladder.prices, ladder.lots, taken) * candidates.feeFactor[row]
        if (isDiscrete) total += candidates.childCost[row] * 1_000_000
      }
      if (isDiscrete && market.childrenMax > 0 && venues > market.childrenMax) isLegal = false
      return { cost: total, lots, isLegal: isLegal && lots === target }
    },
  }
}

function toModel(
  cost: number[],
  upper: number[],
  integrality: number[],
  entries: { row: number; column: number; value: number }[],
  rowLower: number[],
  rowUpper: number[],
): ModelData {
  const byColumn = entries.toSorted((a, b) => a.column - b.column)
  const starts = new Int32Array(cost.length + 1)
  for (const entry of byColumn) starts[entry.column + 1]++
  for (let column = 0; column < cost.length; column++) starts[column + 1] += starts[column]
  return {
    numCols: cost.length,
    numRows: rowLower.length,
    colCost: cost,
    colLower: new Float64Array(cost.length),
    colUpper: upper,
    rowLower,
    rowUpper,
    ...(integrality.includes(1) ? { integrality: Int32Array.from(integrality) } : {}),
    matrix: {
      format: 'csc',
      numRows: rowLower.length,
      numCols: cost.length,
      starts,
      indices: Int32Array.from(byColumn, (entry) => entry.row),
      values: Float64Array.from(byColumn, (entry) => entry.value),
    },
  }
}
