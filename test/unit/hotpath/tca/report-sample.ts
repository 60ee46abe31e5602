/** A cost report and an explanation to render in tests: figures that are easy to recognise in the output. */
import type { PlanExplanation } from '../../../../hotpath/routing/plan-explanation.ts'
import type { CostReport } from '../../../../hotpath/tca/cost-report.ts'

const createdUs = 1_722_864_600_123_000

export function sampleReport(changes: Partial<CostReport> = {}): CostReport {
  return {
    orderId: '17',
    clientOrderId: 'desk-1',
    symbol: 'BTC/USDT',
    side: 'buy',
    ordStatus: 'filled',
    market: 'calibrated',
    simulated: true,
    createdUs,
    endedUs: createdUs + 12_345,
    quantity: '2.5',
    filledQuantity: '2.5',
    averagePrice: '64123.45',
    arrivalMid: '64100.05',
    notional: '160308.625',
    fees: { USDT: '152.29319375', BTC: '0.0001' },
    shortfall: {
      total: { quote: 210.79, bps: 13.15 },
      spread: { quote: 8.01, bps: 0.5 },
      impact: { quote: 51.28, bps: 3.2 },
      delay: { quote: -0.8, bps: -0.05 },
      fees: { quote: 152.3, bps: 9.5 },
    },
    predicted: { allInBps: 13.2, gapBps: 0, proof: 'sweep' },
    realisedAllInBps: 13.15,
    venues: [
      {
        venue: 'binance',
        children: 1,
        filledQuantity: '1.5',
        averagePrice: '64120.1',
        feeQuote: 96.18,
        allInBps: 13.1,
        predictedBps: 13.2,
        ackMs: 4.2,
        fillMs: 5.1,
        rejects: 0,
      },
      {
        venue: 'kraken',
        children: 2,
        filledQuantity: '1',
        averagePrice: '64128.475',
        feeQuote: 56.12,
        allInBps: 13.3,
        predictedBps: 13.2,
        rejects: 1,
      },
    ],
    baselines: [
      {
        name: 'bestSingleVenue',
        venue: 'binance',
        allInBps: 17.9,
        slippageBps: 7.9,
        feeBps: 10,
        savedBps: 4.7,
        incomplete: false,
      },
      { name: 'bestDisplayedPrice', allInBps: 19.1, slippageBps: 3.1, feeBps: 16, savedBps: 5.9, incomplete: false },
      { name: 'proRata', allInBps: 21.4, slippageBps: 6, feeBps: 15.4, savedBps: 8.2, incomplete: true },
    ],
    timeline: [
      { timeUs: createdUs, event: 'accepted' },
      { timeUs: createdUs + 100, event: 'sent', venue: 'binance', quantity: '1.5', price: '64125' },
      { timeUs: createdUs + 5_100, event: 'fill', venue: 'binance', quantity: '1.5', price: '64120.1' },
      { timeUs: createdUs + 12_300, event: 'fill', venue: 'kraken', quantity: '1', price: '64128.475' },
      { timeUs: createdUs + 12_345, event: 'filled' },
    ],
    ...changes,
  }
}

export function samplePlan(changes: Partial<PlanExplanation> = {}): PlanExplanation {
  return {
    orderId: '17',
    symbol: 'BTC/USDT',
    side: 'buy',
    route: 1,
    timeUs: createdUs,
    targetQuantity: '2.5',
    plannedQuantity: '2.5',
    mid: '64100.05',
    allInQuote: 160_461.9,
    allInPrice: 64_184.76,
    allInBps: 13.2,
    certificate: { proof: 'sweep', dualBoundQuote: 160_461.9, gapBps: 0, nodes: 0, marginalPrice: 64_190.5 },
    slices: [
      {
        venue: 'binance',
        quantity: '1.5',
        limitPrice: '64125',
        averagePrice: 64_120.1,
        feeBps: 10,
        allInPrice: 64_184.2,
      },
      {
        venue: 'kraken',
        quantity: '1',
        limitPrice: '64130',
        averagePrice: 64_128.475,
        feeBps: 9,
        allInPrice: 64_186.2,
      },
    ],
    candidates: [
      {
        venue: 'binance',
        status: 'alive',
        bestPrice: '64101',
        bestAllInPrice: 64_165.1,
        displayedQuantity: '12.5',
        feeBps: 10,
        timeBps: 0.25,
        ageMs: 12.3,
        plannedQuantity: '1.5',
        binding: ['depth'],
        shadowPrice: 5.75,
      },
      {
        venue: 'bitstamp',
        status: 'staleBook',
        feeBps: 30,
        timeBps: 0,
        ageMs: 9_000,
        plannedQuantity: '0',
        binding: [],
        shadowPrice: 0,
      },
    ],
    runnerUp: { venue: 'coinbase', allInPrice: 64_191.25 },
    bestSingleVenue: { venue: 'binance', allInPrice: 64_214.9, savedBps: 4.7 },
    ...changes,
  }
}
