import { expect, test } from 'vitest'
import { BookSide, BookTable } from '../../../../hotpath/book/book-table.ts'
import { baselineNames } from '../../../../models/evaluation/order-routes.ts'
import type { StudyData, StudyMoment } from '../../../../models/evaluation/study-moment.ts'
import { countOrders, runStudy } from '../../../../models/evaluation/study-run.ts'
import { studyText } from '../../../../models/evaluation/study-text.ts'
import { FeeSide } from '../../../../shared/domain/instrument.ts'
import { Prng } from '../../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'

const FEES_PPM = [400, 1_000, 2_600]
const MID = 100_000

/** Three venues, five levels a side, random distances and sizes. */
function moment(block: number, prng: Prng): StudyMoment {
  const books = new BookTable({ venues: FEES_PPM.length, instruments: 1, levelsMax: 5 })
  const rows = FEES_PPM.map((_, venue) => books.row(0 as InstrumentIndex, venue as VenueIndex))
  for (const row of rows) {
    for (const [side, sign] of [
      [BookSide.bid, -1],
      [BookSide.ask, 1],
    ] as const) {
      let distance = 0
      for (let level = 0; level < 5; level++) {
        distance += prng.nextBetween(1, 20)
        books.setLevel(row, side, (MID + sign * distance) as PriceTicks, prng.nextBetween(50, 150) as QtyLots)
      }
    }
  }
  const venues = rows.map((bookRow, at) => ({
    name: `v${at}`,
    bookRow,
    takerPpm: [FEES_PPM[at], 0],
    feeSide: FeeSide.quote,
  }))
  return { label: `moment ${block}`, block, venues, displayed: books, fillable: books, mid: MID, topLots: 100 }
}

function data(): StudyData {
  const prng = new Prng(9)
  return {
    name: 'invented books',
    scenarios: ['fees', 'no fees'],
    multiples: [0.25, 3, 100],
    moments: Array.from({ length: 12 }, (_, block) => moment(block, prng)),
    repeats: 2,
    notes: ['invented'],
  }
}

test('every baseline in every size, the router never dearer all-in, and the same again for the same seed', () => {
  let routed = 0
  const study = runStudy([data()], 1, () => routed++)
  expect(routed).toBe(countOrders(data()))
  expect(routed).toBe(12 * 2 * 3 * 2 * 2)
  expect(study.parts).toHaveLength(2)
  for (const part of study.parts) {
    const sizes = [...new Set(part.rows.map(({ size }) => size))]
    // 100 mean levels are more than the books have: left out for everybody and counted.
    expect(part.tooLarge).toBe(48)
    expect(sizes).toEqual(['0.25', '3', '3 to 8', '0.25 to 8'])
    for (const size of sizes) {
      expect(part.rows.filter((row) => row.size === size).map((row) => row.baseline)).toEqual([...baselineNames])
    }
    for (const { summary } of part.rows) {
      expect(summary.savedBps.interval95.low).toBeGreaterThan(-1e-9)
      expect(summary.router.allInBps).toBeCloseTo(summary.router.slippageBps + summary.router.feeBps, 9)
    }
    expect(part.claims).toHaveLength(2)
  }
  expect(runStudy([data()], 1, () => {})).toEqual(study)
  expect(runStudy([data()], 2, () => {})).not.toEqual(study)
})

test('without fees the best displayed price is the best route', () => {
  const [, free] = runStudy([data()], 1, () => {}).parts
  const blind = free.rows.filter(({ baseline }) => baseline === 'bestDisplayedPrice')
  for (const { summary } of blind) expect(summary.verdict).toBe('not told apart')
})

test('the text shows every row, also those that lose, and the notes', () => {
  const study = runStudy([data()], 1, () => {})
  const text = studyText(study)
  expect(text.match(/^B\d /gm)).toHaveLength(study.parts.reduce((sum, part) => sum + part.rows.length, 0))
  expect(text).toContain('note: invented')
  expect(text).toContain('claim too few blocks to say: over 30 % less slippage than B1')
})
