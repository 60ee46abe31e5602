/** A kept decision as text and numbers for people (cold). */
import { Side } from '../../shared/domain/order.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'
import { formatDecimal, PPM } from '../../shared/units/ticks.ts'
import { NS_PER_MS } from '../../shared/units/time.ts'
import type { BookTable } from '../book/book-table.ts'
import { bindingNames, proofNames } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { DropReason, dropReasonNames } from '../plan/venue-candidates.ts'
import type { BenchmarkNote } from '../tca/benchmark-log.ts'
import type { Decision } from './decision-log.ts'
import type { PlanExplanation } from './plan-explanation.ts'

export function explainDecision(
  decision: Decision,
  instrument: InstrumentIndex,
  tables: { books: BookTable; listings: ListingTable },
  note?: BenchmarkNote,
): PlanExplanation {
  const { plan } = decision
  const { symbol, priceDigits, qtyDigits } = tables.listings.instruments[instrument]
  const tick = 10 ** -priceDigits
  const lot = 10 ** -qtyDigits
  const quote = (microTickLots: number) => (microTickLots / PPM) * tick * lot
  const sign = plan.side === Side.buy ? 1 : -1
  const allInPrice = plan.plannedLots === 0 ? 0 : (plan.objective / plan.plannedLots / PPM) * tick
  const mid = plan.mid * tick
  const single = note?.rows.find(({ venue }) => venue !== undefined)
  return {
    orderId: String(decision.parentSequence),
    symbol,
    side: plan.side === Side.buy ? 'buy' : 'sell',
    route: decision.route,
    timeUs: decision.timeUs,
    targetQuantity: formatDecimal(plan.targetLots, qtyDigits),
    plannedQuantity: formatDecimal(plan.plannedLots, qtyDigits),
    ...(plan.mid > 0 && { mid: formatDecimal(plan.mid * 2 * 5, priceDigits + 1) }),
    allInQuote: quote(plan.objective),
    allInPrice,
    ...(mid > 0 && plan.plannedLots > 0 && { allInBps: (sign * (allInPrice - mid) * 10_000) / mid }),
    certificate: {
      proof: proofNames[plan.proof],
      dualBoundQuote: quote(plan.dualBound),
      gapBps: plan.gapBps,
      nodes: plan.nodes,
      marginalPrice: (plan.marginal / PPM) * tick,
    },
    slices: slices(decision, tables.listings, instrument),
    candidates: candidates(decision, tables.listings, instrument),
    ...(plan.nextRow >= 0 && {
      runnerUp: {
        venue: tables.listings.venues[decision.candidates.venue[plan.nextRow]].id,
        allInPrice: (plan.nextEffective / PPM) * tick,
      },
    }),
    ...(single?.venue !== undefined &&
      !single.incomplete && {
        bestSingleVenue: {
          venue: single.venue,
          allInPrice: mid * (1 + (sign * single.allInBps) / 10_000),
          savedBps: single.allInBps - (note?.allInBps ?? 0),
        },
      }),
  }
}

function slices(decision: Decision, listings: ListingTable, instrument: InstrumentIndex): PlanExplanation['slices'] {
  const { plan, candidates: table } = decision
  const { priceDigits, qtyDigits } = listings.instruments[instrument]
  const tick = 10 ** -priceDigits
  return Array.from({ length: plan.count }, (_, at) => ({
    venue: listings.venues[table.venue[plan.row[at]]].id,
    quantity: formatDecimal(plan.lots[at], qtyDigits),
    limitPrice: formatDecimal(plan.limitTicks[at], priceDigits),
    averagePrice: (plan.notional[at] / plan.lots[at]) * tick,
    feeBps: table.takerPpm[plan.row[at]] / 100,
    allInPrice: (plan.effective[at] / plan.lots[at] / PPM) * tick,
  }))
}

function candidates(
  decision: Decision,
  listings: ListingTable,
  instrument: InstrumentIndex,
): PlanExplanation['candidates'] {
  const { plan, candidates: table } = decision
  const { priceDigits, qtyDigits } = listings.instruments[instrument]
  const tick = 10 ** -priceDigits
  const planned = new Float64Array(table.count)
  for (let at = 0; at < plan.count; at++) planned[plan.row[at]] += plan.lots[at]
  return Array.from({ length: table.count }, (_, row) => ({
    venue: listings.venues[table.venue[row]].id,
    status: table.dropped[row] === DropReason.alive ? 'alive' : dropReasonNames[table.dropped[row]],
    ...(table.bestTicks[row] > 0 && {
      bestPrice: formatDecimal(table.bestTicks[row], priceDigits),
      bestAllInPrice: ((table.bestTicks[row] * table.feeFactor[row]) / PPM) * tick,
      displayedQuantity: formatDecimal(table.bestLots[row], qtyDigits),
    }),
    feeBps: table.takerPpm[row] / 100,
    timeBps: table.timePpm[row] / 100,
    ageMs: table.ageNs[row] / NS_PER_MS,
    plannedQuantity: formatDecimal(planned[row], qtyDigits),
    binding: bindingNames.filter((_name, bit) => (plan.binding[row] & (1 << bit)) !== 0),
    shadowPrice: (plan.shadowPrice[row] / PPM) * tick,
  }))
}
