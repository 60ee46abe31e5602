import { describe, expect, test } from 'vitest'
import { FrameBuffer } from '../../../../../hotpath/venues/paper/frame-buffer.ts'
import { writeCancelAll, writePlace, writeSubscribe } from '../../../../../hotpath/venues/paper/paper-command-frame.ts'
import { FrameKind, PAPER_PROTOCOL, writeJson } from '../../../../../hotpath/venues/paper/paper-frame.ts'
import { Prng } from '../../../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import { ASK, BID, BUY, FIRST_INSTRUMENT, SELL, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { FIRST_VENUE, PaperWorld, ScriptedMarket } from './paper-world.ts'

/** Every message takes exactly 10 ms each way. */
const steady = { medianNs: 20 * NS_PER_MS, p99Ns: 20 * NS_PER_MS }

function openWorld(terms: { venues?: number; inPieces?: boolean } = {}): PaperWorld {
  const world = new PaperWorld({
    market: new ScriptedMarket({ latency: steady, venues: terms.venues ?? 1 }),
    inPieces: terms.inPieces ?? false,
  })
  world.market.update([
    [ASK, 1_000, 1_000],
    [BID, 990, 1_000],
  ])
  world.pass(50)
  return world
}

describe('latency', () => {
  test('an order takes half a round trip there, its report the other half', () => {
    const world = openWorld()
    const { adapters, reports } = world.router
    const sentUs = world.clock.epochUs()
    adapters[0].place(testOrder(BUY, 1_000, 40, { tif: 'ioc' }))
    world.pass(19)
    expect(reports).toEqual([])
    world.pass(3)
    expect(reports.map(({ kind }) => kind)).toEqual(['accepted', 'fill'])
    // Sent at the first turn of half a millisecond, 10 ms on its way.
    expect(reports[0].timeUs - sentUs).toBe(10_500)
  })

  test('an order meets the market of the moment it arrives', () => {
    const world = openWorld()
    const { adapters, reports } = world.router
    adapters[0].place(testOrder(BUY, 1_000, 40, { tif: 'ioc' }))
    world.pass(5)
    world.market.update([
      [ASK, 1_000, 0],
      [ASK, 1_005, 100],
    ])
    world.pass(50)
    expect(reports.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['accepted', 'none'],
      ['expired', 'iocNotFilled'],
    ])
  })

  test('commands to one venue never overtake each other, though their latencies differ', () => {
    const market = new ScriptedMarket({ latency: { medianNs: 20 * NS_PER_MS, p99Ns: 400 * NS_PER_MS } })
    const world = new PaperWorld({ market })
    world.pass(500)
    for (let child = 1; child <= 200; child++) world.router.adapters[0].place(testOrder(BUY, 990, 40, { child }))
    world.pass(3_000)
    const { reports } = world.router
    expect(reports.map(({ child }) => child)).toEqual(Array.from({ length: 200 }, (_, at) => at + 1))
    expect(reports.every(({ timeUs }, at) => at === 0 || timeUs >= reports[at - 1].timeUs)).toBe(true)
  })

  test('what a router sent before it died still arrives', () => {
    const world = openWorld()
    world.router.adapters[0].place(testOrder(BUY, 995, 40))
    world.pass(1)
    world.router.cut()
    world.pass(50)
    const heir = world.addRouter()
    world.pass(50)
    heir.adapters[0].reconcile(0)
    world.pass(50)
    const open = heir.reports.filter(({ kind }) => kind === 'status')
    expect(open.map(({ lots, isOpen }) => [lots, isOpen])).toEqual([[40, true]])
    expect(world.router.reports).toEqual([])
  })
})

describe('sessions', () => {
  test('of one account hear the same news; an answer goes to who asked', () => {
    const world = openWorld()
    const second = world.addRouter()
    world.pass(50)
    world.router.adapters[0].place(testOrder(BUY, 1_000, 40, { tif: 'ioc' }))
    world.pass(50)
    expect(second.reports).toEqual(world.router.reports)
    second.adapters[0].query(1, 1, 1)
    world.pass(50)
    expect(second.reports.map(({ kind }) => kind)).toEqual(['accepted', 'fill', 'fill', 'status'])
    expect(world.router.reports.length).toBe(2)
  })

  const hello = { protocol: PAPER_PROTOCOL, account: 'desk', token: 'secret' }
  const order = testOrder(BUY, 1_000, 40)
  const nonsense: readonly (readonly [string, (out: FrameBuffer) => void])[] = [
    ['an order before the hello', (out) => writePlace(out, FIRST_VENUE, order)],
    ['a hello with another token', (out) => writeJson(out, FrameKind.hello, { ...hello, token: 'guess' })],
    ['a hello of another protocol', (out) => writeJson(out, FrameKind.hello, { ...hello, protocol: 2 })],
    ['a hello without an account', (out) => writeJson(out, FrameKind.hello, { ...hello, account: '' })],
    ['a hello with a field of its own', (out) => writeJson(out, FrameKind.hello, { ...hello, admin: true })],
    ['a hello that is not an object', (out) => writeJson(out, FrameKind.hello, [1])],
    [
      'a second hello',
      (out) => {
        writeJson(out, FrameKind.hello, hello)
        writeJson(out, FrameKind.hello, hello)
      },
    ],
    [
      'a venue there is not',
      (out) => {
        writeJson(out, FrameKind.hello, hello)
        writeCancelAll(out, 1 as VenueIndex)
      },
    ],
    [
      'an instrument there is not',
      (out) => {
        writeJson(out, FrameKind.hello, hello)
        writeSubscribe(out, FIRST_VENUE, 5 as InstrumentIndex, false)
      },
    ],
    [
      'half a lot',
      (out) => {
        writeJson(out, FrameKind.hello, hello)
        writePlace(out, FIRST_VENUE, testOrder(BUY, 1_000, 0.5))
      },
    ],
  ]
  test.each(nonsense)('%s closes that connection, is counted, and nobody else notices', (_what, write) => {
    const world = new PaperWorld({ options: { token: 'secret' }, token: 'secret' })
    world.pass(20)
    const session = world.exchange.connect()!
    const out = new FrameBuffer(64, 4_096)
    write(out)
    expect(session.receive(out.take(), world.clock.monoNs())).toBe(false)
    expect(session.isOpen).toBe(false)
    expect(world.exchange.protocolErrors).toBe(1)
    expect(world.router.link.isUp).toBe(true)
    world.pass(20)
    expect(world.exchange.connected).toBe(1)
  })

  test('random bytes never get through nor stop the exchange', () => {
    const world = openWorld()
    const chance = new Prng(5)
    for (let round = 0; round < 500; round++) {
      const session = world.exchange.connect()!
      const out = new FrameBuffer(64, 4_096)
      writeJson(out, FrameKind.hello, { ...hello, token: '', account: 'noise' })
      session.receive(out.take(), world.clock.monoNs())
      writePlace(out, FIRST_VENUE, testOrder(SELL, 1_000, 40))
      const bytes = out.take()
      for (let spoiled = chance.nextBetween(1, 8); spoiled > 0; spoiled--) {
        bytes[chance.nextBelow(bytes.length)] = chance.nextBelow(256)
      }
      session.receive(bytes, world.clock.monoNs())
      world.exchange.work(world.clock.monoNs())
      session.close()
    }
    world.pass(50)
    expect(world.router.link.isUp).toBe(true)
    expect(world.router.reports).toEqual([])
  })
})

describe('books', () => {
  test('who followed every change knows what the snapshot of now says, in pieces too', () => {
    const world = openWorld({ inPieces: true, venues: 2 })
    const chance = new Prng(8)
    for (let round = 0; round < 400; round++) {
      const middle = chance.nextBetween(950, 1_050)
      const levels = Array.from({ length: chance.nextBetween(1, 60) }, () => {
        const isBid = chance.chance(0.5)
        const distance = chance.nextBetween(0, 300)
        const lots = chance.chance(0.4) ? 0 : chance.nextBetween(1, 100) * 10
        return [isBid ? BID : ASK, isBid ? middle - 5 - distance : middle + distance, lots] as const
      })
      world.market.update(levels, chance.nextBelow(2) as VenueIndex)
      if (chance.chance(0.3)) {
        const child = round + 1
        const side = chance.chance(0.5) ? BUY : SELL
        const price = 5 * chance.nextBetween(180, 220)
        world.router.adapters[0].place(
          testOrder(side, price, 10 * chance.nextBetween(4, 60), { child: child % 1_000, parent: child }),
        )
      }
      if (chance.chance(0.02)) world.market.clear(FIRST_VENUE)
      world.pass(1)
    }
    world.pass(100)
    const late = world.addRouter()
    world.pass(100)
    expect(world.router.feed!.gaps).toBe(0)
    for (const venue of [0, 1] as VenueIndex[]) {
      for (const side of [BID, ASK]) {
        expect(world.router.levels(side, venue)).toEqual(late.levels(side, venue))
        expect(late.levels(side, venue).length).toBe(32)
      }
    }
  })

  test('show our own resting orders, our trades, and liquidity that comes back', () => {
    const market = new ScriptedMarket({ latency: steady })
    const world = new PaperWorld({ market, options: { refillHalfLifeNs: 100 * NS_PER_MS } })
    market.update([[ASK, 1_000, 800]])
    world.pass(50)
    const { router } = world
    router.adapters[0].place(testOrder(BUY, 990, 40, { child: 1 }))
    router.adapters[0].place(testOrder(BUY, 1_000, 800, { tif: 'ioc', child: 2 }))
    world.pass(25)
    expect(router.levels(BID)).toEqual([[990, 40]])
    const [[, early]] = router.levels(ASK).length > 0 ? router.levels(ASK) : [[0, 0]]
    expect(early).toBeLessThan(100)
    expect(router.prints).toEqual([{ venue: 0, aggressor: BUY, price: 1_000, lots: 800 }])
    world.pass(100)
    const [[, half]] = router.levels(ASK)
    expect(half).toBeGreaterThan(350)
    expect(half).toBeLessThan(550)
    world.pass(2_000)
    expect(router.levels(ASK)).toEqual([[1_000, 800]])
  })

  test('are skipped for a slow reader and told whole once it reads; reports are never skipped', () => {
    const world = openWorld()
    const { router } = world
    router.pipe!.backlogBytes = 1e9
    world.pass(1)
    for (let round = 1; round <= 50; round++) {
      world.market.update([[ASK, 1_000 + 5 * round, 100]])
      world.pass(1)
    }
    router.adapters[0].place(testOrder(BUY, 1_000, 40, { tif: 'ioc' }))
    world.pass(50)
    expect(router.levels(ASK)).toEqual([[1_000, 1_000]])
    expect(router.reports.map(({ kind }) => kind)).toEqual(['accepted', 'fill'])
    router.pipe!.backlogBytes = 0
    // Changes are on their way before and behind the snapshot; none of them is a gap.
    for (let round = 1; round <= 50; round++) {
      world.market.update([[ASK, 1_000, 1_000 + 10 * round]])
      world.pass(1)
    }
    expect(router.levels(ASK).length).toBe(32)
    world.pass(50)
    expect(router.levels(ASK)[0]).toEqual([1_000, 1_460])
    expect(router.feed!.gaps).toBe(0)
  })

  test('asked for with all levels are told with all of them', () => {
    const world = new PaperWorld({ allLevels: true, options: { levels: 2 } })
    world.market.update(Array.from({ length: 40 }, (_, at) => [ASK, 1_000 + 5 * at, 100] as const))
    const few = world.addRouter()
    world.pass(100)
    expect(world.router.levels(ASK).length).toBe(40)
    expect(few.levels(ASK).length).toBe(2)
    expect(world.router.books!.row(FIRST_INSTRUMENT, FIRST_VENUE)).toBe(0)
  })
})
