import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChildOrder, VenueReport, type VenueReportKind } from '../../../../../hotpath/orders/venue-report.ts'
import { FrameBuffer } from '../../../../../hotpath/venues/paper/frame-buffer.ts'
import {
  isCommand,
  readExecution,
  readIdentity,
  readPlace,
  subscribedInstrument,
  subscribesAllLevels,
  writeIdentity,
  writePlace,
  writeReconcile,
  writeSubscribe,
} from '../../../../../hotpath/venues/paper/paper-command-frame.ts'
import {
  FrameBytes,
  FrameKind,
  frameBytes,
  frameKind,
  frameVenue,
} from '../../../../../hotpath/venues/paper/paper-frame.ts'
import {
  appendLevel,
  bookSequence,
  isNews,
  isSnapshot,
  levelAt,
  levelCount,
  levelLots,
  levelPrice,
  levelSide,
  newsInstrument,
  openBook,
  PaperPrint,
  readReport,
  writePrint,
  writeReport,
} from '../../../../../hotpath/venues/paper/paper-news-frame.ts'
import type { Liquidity } from '../../../../../shared/domain/execution-report.ts'
import { Side, TimeInForce } from '../../../../../shared/domain/order.ts'
import type { RejectReason } from '../../../../../shared/domain/reject-reason.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../../shared/limits.ts'
import {
  CHILD_SEQUENCE_MAX,
  EPOCH_MAX,
  type InstrumentIndex,
  PARENT_SEQUENCE_MAX,
  type VenueIndex,
} from '../../../../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../../../shared/units/ticks.ts'
import { BUY, copyReport, SELL, testOrder } from '../../../../conformance/venue-conformance-bench.ts'

const VENUE = 63 as VenueIndex
const INSTRUMENT = 1_023 as InstrumentIndex

function buffer(): FrameBuffer {
  return new FrameBuffer(16, 1_000_000)
}

const wide = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const byte = fc.integer({ min: 0, max: 9 })

describe('commands', () => {
  test('an order comes out as it went in', () => {
    const order = fc.record({
      epoch: fc.integer({ min: 0, max: EPOCH_MAX }),
      parent: fc.integer({ min: 0, max: PARENT_SEQUENCE_MAX }),
      child: fc.integer({ min: 0, max: CHILD_SEQUENCE_MAX }),
      lots: fc.integer({ min: 0, max: QTY_LOTS_MAX }),
      price: fc.integer({ min: 0, max: PRICE_TICKS_MAX }),
      deadlineUs: wide,
      side: fc.constantFrom(Side.buy, Side.sell),
      tif: fc.constantFrom(...Object.values(TimeInForce)),
      postOnly: fc.boolean(),
    })
    fc.assert(
      fc.property(order, (terms) => {
        const out = buffer()
        const sent = testOrder(terms.side, terms.price, terms.lots, { ...terms, tif: 'gtc' })
        sent.epoch = terms.epoch
        sent.timeInForce = terms.tif
        sent.instrument = INSTRUMENT
        writePlace(out, VENUE, sent)
        const got = new ChildOrder()
        expect(isCommand(out.view, 0)).toBe(true)
        expect(frameVenue(out.view, 0)).toBe(VENUE)
        expect(readPlace(out.view, 0, got)).toBe(true)
        for (const field of ['epoch', 'parentSequence', 'childSequence', 'lots', 'limitTicks', 'deadlineUs'] as const) {
          expect(got[field]).toBe(sent[field])
        }
        for (const field of ['instrument', 'side', 'timeInForce', 'postOnly'] as const) {
          expect(got[field]).toBe(sent[field])
        }
      }),
    )
  })

  const spoilers: readonly (readonly [string, (view: DataView) => void])[] = [
    ['NaN lots', (view) => view.setFloat64(24, Number.NaN, true)],
    ['half a lot', (view) => view.setFloat64(24, 1.5, true)],
    ['negative lots', (view) => view.setFloat64(24, -1, true)],
    ['an infinite price', (view) => view.setFloat64(32, Number.POSITIVE_INFINITY, true)],
    ['a deadline beyond 2^53', (view) => view.setFloat64(40, 2 ** 53, true)],
    ['no side', (view) => view.setUint8(50, 0)],
    ['a time in force of its own', (view) => view.setUint8(51, 2)],
    ['post-only neither yes nor no', (view) => view.setUint8(52, 2)],
    ['something in the empty bytes', (view) => view.setUint8(54, 1)],
    ['an epoch too large', (view) => view.setUint32(8, EPOCH_MAX + 1, true)],
    ['a child sequence too large', (view) => view.setUint32(12, CHILD_SEQUENCE_MAX + 1, true)],
    ['a parent sequence too large', (view) => view.setFloat64(16, PARENT_SEQUENCE_MAX + 1, true)],
  ]
  test.each(spoilers)('an order with %s is not read', (_what, spoil) => {
    const out = buffer()
    writePlace(out, VENUE, testOrder(BUY, 100, 10))
    spoil(out.view)
    expect(readPlace(out.view, 0, new ChildOrder())).toBe(false)
  })

  test('the others, and a length that is not of the kind', () => {
    const out = buffer()
    writeIdentity(out, FrameKind.cancel, VENUE, 3, 4, 5)
    const child = new ChildOrder()
    expect(readIdentity(out.view, 0, child)).toBe(true)
    expect([child.epoch, child.parentSequence, child.childSequence]).toEqual([3, 4, 5])
    const reconcileAt = out.length
    writeReconcile(out, VENUE, 2 ** 50)
    expect(readExecution(out.view, reconcileAt)).toBe(2 ** 50)
    const subscribeAt = out.length
    writeSubscribe(out, VENUE, INSTRUMENT, true)
    expect(subscribedInstrument(out.view, subscribeAt)).toBe(INSTRUMENT)
    expect(subscribesAllLevels(out.view, subscribeAt)).toBe(true)
    out.view.setUint8(4, FrameKind.place)
    expect(isCommand(out.view, 0)).toBe(false)
    out.view.setUint8(4, FrameKind.report)
    expect(isCommand(out.view, 0)).toBe(false)
  })

  test('a full buffer takes no half frame', () => {
    const out = new FrameBuffer(16, FrameBytes.place * 2 + 10)
    const order = testOrder(BUY, 100, 10)
    expect([1, 2, 3].map(() => writePlace(out, VENUE, order))).toEqual([true, true, false])
    expect(out.length).toBe(FrameBytes.place * 2)
  })
})

describe('news', () => {
  test('a report comes out as it went in', () => {
    const numbers = fc.record({
      kind: byte,
      reason: byte,
      liquidity: byte,
      asset: byte,
      flags: fc.tuple(fc.boolean(), fc.boolean()),
      wide: fc.array(wide, { minLength: 8, maxLength: 8 }),
    })
    fc.assert(
      fc.property(numbers, ({ kind, reason, liquidity, asset, flags, wide: values }) => {
        const sent = new VenueReport()
        sent.venue = VENUE
        sent.kind = kind as VenueReportKind
        sent.reason = reason as RejectReason
        sent.liquidity = liquidity as Liquidity
        sent.asset = asset
        sent.feeInBase = flags[0]
        sent.isOpen = flags[1]
        sent.epoch = EPOCH_MAX
        sent.childSequence = CHILD_SEQUENCE_MAX
        sent.parentSequence = values[0]
        sent.execution = values[1]
        sent.lots = values[2] as QtyLots
        sent.priceTicks = values[3] as PriceTicks
        sent.filledLots = values[4] as QtyLots
        sent.feeUnits = -values[5] as AssetUnits
        sent.venueTimeUs = values[6]
        sent.units = values[7] as AssetUnits
        const out = buffer()
        writeReport(out, sent)
        const got = new VenueReport()
        expect(isNews(out.view, 0)).toBe(true)
        readReport(out.view, 0, got)
        expect({ ...copyReport(got), epoch: got.epoch }).toEqual({ ...copyReport(sent), epoch: EPOCH_MAX })
      }),
    )
  })

  test('a book with its levels', () => {
    const out = buffer()
    const at = openBook(out, VENUE, INSTRUMENT, 2 ** 40, true)
    appendLevel(out, at, 0, PRICE_TICKS_MAX, QTY_LOTS_MAX)
    appendLevel(out, at, 1, 1, 0)
    expect(isNews(out.view, at)).toBe(true)
    expect([frameKind(out.view, at), frameBytes(out.view, at)]).toEqual([FrameKind.book, out.length])
    expect([newsInstrument(out.view, at), isSnapshot(out.view, at), bookSequence(out.view, at)]).toEqual([
      INSTRUMENT,
      true,
      2 ** 40,
    ])
    const levels = Array.from({ length: levelCount(out.view, at) }, (_, level) => {
      const from = levelAt(at, level)
      return [levelSide(out.view, from), levelPrice(out.view, from), levelLots(out.view, from)]
    })
    expect(levels).toEqual([
      [0, PRICE_TICKS_MAX, QTY_LOTS_MAX],
      [1, 1, 0],
    ])
    out.view.setUint32(at + 12, 3, true)
    expect(isNews(out.view, at)).toBe(false)
  })

  test('a public trade', () => {
    const out = buffer()
    writePrint(out, VENUE, INSTRUMENT, SELL, PRICE_TICKS_MAX as PriceTicks, QTY_LOTS_MAX as QtyLots, 123)
    const print = new PaperPrint()
    print.read(out.view, 0)
    const { venue, instrument, aggressor, price, lots, timeUs } = print
    expect({ venue, instrument, aggressor, price, lots, timeUs }).toEqual({
      venue: VENUE,
      instrument: INSTRUMENT,
      aggressor: SELL,
      price: PRICE_TICKS_MAX,
      lots: QTY_LOTS_MAX,
      timeUs: 123,
    })
  })
})
