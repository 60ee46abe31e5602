/**
 * Builds the cost report of a parent from what the order store and the first decision say (cold). Implementation
 * shortfall after Perold (1988), split so that the parts telescope: spread + impact + delay + fees = total.
 */
import { execTypeNames } from '../../shared/domain/execution-report.ts'
import { Side } from '../../shared/domain/order.ts'
import { OrderState, orderStateNames } from '../../shared/domain/order-state.ts'
import { rejectReasonNames } from '../../shared/domain/reject-reason.ts'
import { decimalText } from '../../shared/units/decimal-text.ts'
import type { ChildRow, ParentRow } from '../../shared/units/ids.ts'
import {
  ASSET_DIGITS,
  formatDecimal,
  formatDecimalBig,
  notionalToBig,
  notionalToFloat,
  PPM,
} from '../../shared/units/ticks.ts'
import { US_PER_MS } from '../../shared/units/time.ts'
import { NO_ROW, type OrderStore } from '../orders/order-store.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { BenchmarkLog } from './benchmark-log.ts'
import type { CostReport, CostShare } from './cost-report.ts'

const TIMELINE_MAX = 400

export interface CostSources {
  readonly store: OrderStore
  readonly listings: ListingTable
  readonly benchmarks: BenchmarkLog
  readonly market: { readonly name: string; readonly simulated: boolean }
}

/** A parent's numbers on the way to the report: prices in quote, quantities in base, costs in quote. */
interface Sums {
  readonly tick: number
  readonly lot: number
  readonly sign: number
  readonly filled: number
  readonly average: number
  readonly planned: number
  readonly mid: number
  readonly touch: number
  readonly fees: number
}

export class CostBuilder {
  readonly #from: CostSources

  constructor(sources: CostSources) {
    this.#from = sources
  }

  build(parent: ParentRow): CostReport {
    const { store, listings, market, benchmarks } = this.#from
    const instrument = listings.instruments[store.instrument[parent]]
    const sums = this.#sum(parent)
    const note = benchmarks.find(store.sequence[parent])
    const realised = sums.filled > 0 && sums.mid > 0 ? shortfall(sums) : undefined
    return {
      orderId: String(store.sequence[parent]),
      clientOrderId: store.clientIdText(parent),
      symbol: instrument.symbol,
      side: store.side[parent] === Side.buy ? 'buy' : 'sell',
      ordStatus: orderStateNames[store.parentState[parent]],
      market: market.name,
      simulated: market.simulated,
      createdUs: store.createdUs[parent],
      endedUs: store.endedUs[parent],
      quantity: formatDecimal(store.orderLots[parent], instrument.qtyDigits),
      filledQuantity: decimalText(store.filledLots[parent], instrument.qtyDigits),
      ...(sums.filled > 0 && { averagePrice: priceText(sums.average, instrument.priceDigits) }),
      ...(sums.mid > 0 && { arrivalMid: formatDecimal(store.arrivalMid[parent] * 10, instrument.priceDigits + 1) }),
      notional: formatDecimalBig(
        notionalToBig(store.notional, parent * 2),
        instrument.priceDigits + instrument.qtyDigits,
      ),
      fees: this.#fees(parent),
      ...(realised && { shortfall: realised, realisedAllInBps: realised.total.bps }),
      ...(note && { predicted: { allInBps: note.allInBps, gapBps: note.gapBps, proof: note.proof } }),
      venues: this.#venues(parent, sums),
      baselines: note ? note.rows.map((row) => ({ ...row, savedBps: row.allInBps - note.allInBps })) : [],
      timeline: this.#timeline(parent),
    }
  }

  #sum(parent: ParentRow): Sums {
    const { store, listings } = this.#from
    const { priceDigits, qtyDigits } = listings.instruments[store.instrument[parent]]
    const tick = 10 ** -priceDigits
    const lot = 10 ** -qtyDigits
    const lots = store.filledLots[parent]
    const average = lots === 0 ? 0 : (notionalToFloat(store.notional, parent * 2) / lots) * tick
    let planned = 0
    for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
      planned += (store.childPlanNotional[child] * store.childFilled[child]) / store.childLots[child]
    }
    const buys = store.side[parent] === Side.buy
    const unit = 10 ** -ASSET_DIGITS
    return {
      tick,
      lot,
      sign: buys ? 1 : -1,
      filled: lots * lot,
      average,
      planned: lots === 0 ? 0 : (planned / lots) * tick,
      mid: store.arrivalMid[parent] * tick,
      touch: (buys ? store.arrivalAsk[parent] : store.arrivalBid[parent]) * tick,
      fees: store.feeQuoteUnits[parent] * unit + store.feeBaseUnits[parent] * unit * average,
    }
  }

  #fees(parent: ParentRow): Record<string, string> {
    const { store, listings } = this.#from
    const { base, quote } = listings.instruments[store.instrument[parent]]
    const fees: Record<string, string> = {}
    if (store.feeQuoteUnits[parent] !== 0) fees[quote] = decimalText(store.feeQuoteUnits[parent], ASSET_DIGITS)
    if (store.feeBaseUnits[parent] !== 0) fees[base] = decimalText(store.feeBaseUnits[parent], ASSET_DIGITS)
    return fees
  }

  #venues(parent: ParentRow, sums: Sums): CostReport['venues'] {
    const { store, listings } = this.#from
    const byVenue = new Map<number, ChildRow[]>()
    for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
      const venue = store.childVenue[child]
      byVenue.set(venue, [...(byVenue.get(venue) ?? []), child as ChildRow])
    }
    return [...byVenue].map(([venue, children]) => this.#venueRow(parent, listings.venues[venue].id, children, sums))
  }

  #venueRow(parent: ParentRow, venue: string, children: readonly ChildRow[], sums: Sums): CostReport['venues'][number] {
    const { store, listings } = this.#from
    const { priceDigits, qtyDigits } = listings.instruments[store.instrument[parent]]
    const total = (of: (child: ChildRow) => number) => children.reduce((sum, child) => sum + of(child), 0)
    const lots = total((child) => store.childFilled[child])
    const average =
      lots === 0 ? 0 : (total((child) => notionalToFloat(store.childNotional, child * 2)) / lots) * sums.tick
    const unit = 10 ** -ASSET_DIGITS
    const fee = total((child) => store.childFeeQuote[child] * unit + store.childFeeBase[child] * unit * average)
    const plannedLots = total((child) => store.childLots[child])
    const plannedPrice = (total((child) => store.childPlanCost[child]) / plannedLots / PPM) * sums.tick
    const acked = children.filter((child) => store.childAckUs[child] > 0)
    const ended = children.filter((child) => store.childFilled[child] > 0)
    const mean = (of: readonly ChildRow[], ms: (child: ChildRow) => number) =>
      of.reduce((sum, child) => sum + ms(child), 0) / of.length / US_PER_MS
    return {
      venue,
      children: children.length,
      filledQuantity: decimalText(lots, qtyDigits),
      ...(lots > 0 && { averagePrice: priceText(average, priceDigits) }),
      feeQuote: fee,
      ...(lots > 0 &&
        sums.mid > 0 && {
          allInBps: bps(sums.sign * (average - sums.mid) * lots * sums.lot + fee, sums.mid * lots * sums.lot),
        }),
      ...(sums.mid > 0 && { predictedBps: bps(sums.sign * (plannedPrice - sums.mid), sums.mid) }),
      ...(acked.length > 0 && { ackMs: mean(acked, (child) => store.childAckUs[child] - store.childSentUs[child]) }),
      ...(ended.length > 0 && {
        fillMs: mean(ended, (child) => store.fills.atUs[store.fills.first[child]] - store.childSentUs[child]),
      }),
      rejects: children.filter((child) => store.childState[child] === OrderState.rejected).length,
    }
  }

  #timeline(parent: ParentRow): CostReport['timeline'] {
    const { store, listings } = this.#from
    const { priceDigits, qtyDigits } = listings.instruments[store.instrument[parent]]
    const events: { timeUs: number; event: string; venue?: string; quantity?: string; price?: string }[] = [
      {
        timeUs: store.createdUs[parent],
        event: 'accepted',
        quantity: formatDecimal(store.orderLots[parent], qtyDigits),
      },
    ]
    for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
      const venue = listings.venues[store.childVenue[child]].id
      const quantity = formatDecimal(store.childLots[child], qtyDigits)
      const price = formatDecimal(store.childTicks[child], priceDigits)
      events.push({ timeUs: store.childSentUs[child], event: 'child sent', venue, quantity, price })
      for (let fill = store.fills.first[child]; fill !== NO_ROW; fill = store.fills.next[fill]) {
        events.push({
          timeUs: store.fills.atUs[fill],
          event: execTypeNames[2],
          venue,
          quantity: formatDecimal(store.fills.lots[fill], qtyDigits),
          price: formatDecimal(store.fills.ticks[fill], priceDigits),
        })
      }
      if (store.childEndedUs[child] > 0 && store.childState[child] !== OrderState.filled) {
        const why = rejectReasonNames[store.childReason[child]]
        const event = `child ${orderStateNames[store.childState[child]]}${why === 'none' ? '' : ` (${why})`}`
        events.push({ timeUs: store.childEndedUs[child], event, venue })
      }
    }
    if (store.endedUs[parent] > 0) {
      events.push({ timeUs: store.endedUs[parent], event: orderStateNames[store.parentState[parent]] })
    }
    return events.sort((a, b) => a.timeUs - b.timeUs).slice(0, TIMELINE_MAX)
  }
}

function shortfall(sums: Sums): NonNullable<CostReport['shortfall']> {
  const { sign, filled, mid, touch, planned, average, fees } = sums
  const share = (quote: number): CostShare => ({ quote, bps: bps(quote, mid * filled) })
  const touched = touch > 0 ? touch : mid
  return {
    total: share(sign * (average - mid) * filled + fees),
    spread: share(sign * (touched - mid) * filled),
    impact: share(sign * (planned - touched) * filled),
    delay: share(sign * (average - planned) * filled),
    fees: share(fees),
  }
}

function bps(cost: number, notional: number): number {
  return (cost * 10_000) / notional
}

/** An average is finer than the grid: two more digits. */
function priceText(price: number, priceDigits: number): string {
  return price.toFixed(priceDigits + 2)
}
