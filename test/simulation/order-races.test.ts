/**
 * Races of an order by table: what a venue says of one child comes in every order there is, each piece once and twice,
 * with the client's cancel at every place between. The end must not depend on the order; and at every moment a client is
 * told something, the journal alone already gives the same state.
 */
import { describe, expect, test } from 'vitest'
import { stateHash } from '../../hotpath/orders/state-hash.ts'
import { VenueReportKind } from '../../hotpath/orders/venue-report.ts'
import { World } from '../../hotpath/routing/compose-core.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Side } from '../../shared/domain/order.ts'
import { RejectReason } from '../../shared/domain/reject-reason.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { ScriptedWorld, type SentChild } from '../fixtures/scripted-world.ts'

const LOTS = 50
const PRICE = 99_50

/** One piece of news of the child. Fills carry their execution, ends how much the venue says was filled. */
type News =
  | { readonly is: 'accepted' }
  | { readonly is: 'fill'; readonly execution: number; readonly lots: number }
  | { readonly is: 'canceled'; readonly filled: number }
  | { readonly is: 'rejected' }
  | { readonly is: 'cancel refused' }
  | { readonly is: 'client cancels' }

interface Race {
  readonly name: string
  readonly news: readonly News[]
  readonly filled: number
  readonly state: 'filled' | 'canceled' | 'new'
  /** Pairs that the venue itself keeps in order: [earlier, later] by place in `news`. */
  readonly ordered?: readonly (readonly [number, number])[]
}

const accepted: News = { is: 'accepted' }
const cancels: News = { is: 'client cancels' }
const refused: News = { is: 'cancel refused' }

function fill(execution: number, lots: number): News {
  return { is: 'fill', execution, lots }
}

const races: readonly Race[] = [
  {
    name: 'cancel against a fill in part: both happened',
    news: [accepted, cancels, fill(1, 20), { is: 'canceled', filled: 20 }],
    filled: 20,
    state: 'canceled',
    ordered: [[1, 3]],
  },
  {
    name: 'cancel against the fill of everything: the fill wins',
    news: [accepted, cancels, fill(1, LOTS), refused],
    filled: LOTS,
    state: 'filled',
    ordered: [[1, 3]],
  },
  {
    name: 'cancel against two fills and the venue ends it whole',
    news: [accepted, cancels, fill(1, 20), fill(2, 30), refused],
    filled: LOTS,
    state: 'filled',
    ordered: [[1, 4]],
  },
  {
    name: 'cancel before anything happened',
    news: [accepted, cancels, { is: 'canceled', filled: 0 }],
    filled: 0,
    state: 'canceled',
    ordered: [[1, 2]],
  },
  {
    name: 'fills in whatever order make it whole',
    news: [accepted, fill(1, 10), fill(2, 15), fill(3, 25)],
    filled: LOTS,
    state: 'filled',
  },
  {
    name: 'overfill: the position is what the venue traded',
    news: [accepted, fill(1, LOTS), fill(2, 10)],
    filled: LOTS + 10,
    state: 'filled',
  },
  {
    name: 'overfill against a cancel',
    news: [accepted, cancels, fill(1, LOTS), fill(2, 10), refused],
    filled: LOTS + 10,
    state: 'filled',
    ordered: [[1, 4]],
  },
  {
    name: 'late report: a fill that the venue had not counted when it said canceled',
    news: [accepted, cancels, { is: 'canceled', filled: 0 }, fill(1, 20)],
    filled: 20,
    state: 'canceled',
    ordered: [[1, 2]],
  },
  {
    name: 'late report: a fill of a child that the venue said it had refused',
    news: [cancels, { is: 'rejected' }, fill(1, 20)],
    filled: 20,
    state: 'canceled',
    ordered: [[0, 1]],
  },
]

/** Every order of the pieces that keeps the pairs. */
function orders({ news, ordered = [] }: Race): News[][] {
  const found: News[][] = []
  const place = (taken: readonly number[]): void => {
    if (taken.length === news.length) found.push(taken.map((at) => news[at]))
    for (let at = 0; at < news.length; at++) {
      const waits = ordered.some(([before, after]) => after === at && !taken.includes(before))
      if (!taken.includes(at) && !waits) place([...taken, at])
    }
  }
  place([])
  return found
}

class RacedWorld extends ScriptedWorld {
  /** Replayed from the journal alone, the world is the same. */
  compare(): void {
    const live = stateHash(this.store, this.world.positions)
    const replayed = new World(this.world.setup)
    this.journal.replay((_sequence, _epochUs, payload) => replayed.replay(payload))
    expect(stateHash(replayed.store, replayed.positions)).toBe(live)
  }
}

function begin(): { world: RacedWorld; child: SentChild } {
  const world = new RacedWorld({ venues: 1 })
  world.book(0, [[99_00, 100]], [[101_00, 500]])
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: LOTS, price: PRICE }))).toBe(DenyReason.none)
  const [child] = world.sent()
  expect(child.lots).toBe(LOTS)
  world.onTold = () => {
    world.compare()
    expect(world.told.at(-1)?.filled).toBe(world.store.filledLots[world.parent()])
  }
  return { world, child }
}

/** Says the pieces in turn, `times` each; `filled` of a fill is what the venue counts by then. */
function play(world: RacedWorld, child: SentChild, pieces: readonly News[], times: number): void {
  let counted = 0
  for (const piece of pieces) {
    if (piece.is === 'fill') counted += piece.lots
    for (let time = 0; time < times; time++) say(world, child, piece, counted)
    world.compare()
  }
}

function say(world: RacedWorld, child: SentChild, piece: News, counted: number): void {
  switch (piece.is) {
    case 'accepted':
      world.accept(child)
      return
    case 'fill':
      world.fill(child, piece.lots, PRICE, counted, piece.execution)
      return
    case 'canceled':
      world.end(child, VenueReportKind.canceled, piece.filled)
      return
    case 'rejected':
      world.end(child, VenueReportKind.rejected, 0)
      return
    case 'cancel refused':
      world.end(child, VenueReportKind.cancelRejected, counted, RejectReason.unknownOrder)
      return
    case 'client cancels': {
      const request = world.order({ id: 'a' })
      const answer = world.core.core.cancelOrder(request)
      expect([DenyReason.none, DenyReason.orderAlreadyEnded]).toContain(answer)
    }
  }
}

/** What a venue answers when it is asked how the child stands now. */
function answerQueries(world: RacedWorld, child: SentChild, race: Race): void {
  for (let round = 0; round < 3 && world.store.isOpen(world.parent()); round++) {
    world.pass(6_000)
    world.report(0, {
      epoch: child.epoch,
      parentSequence: child.parentSequence,
      childSequence: child.childSequence,
      kind: VenueReportKind.status,
      isOpen: false,
      filledLots: Math.min(race.filled, LOTS) as never,
    })
  }
}

describe.each(races)('$name', (race) => {
  const all = orders(race)

  test.each([
    ['once', 1],
    ['twice', 2],
  ])(`each piece ${'%s'}: ${all.length} orders, one end`, (_, times) => {
    for (const pieces of all) {
      const { world, child } = begin()
      play(world, child, pieces, times as number)
      answerQueries(world, child, race)
      const said = pieces.map((piece) => piece.is).join(', ')
      expect([said, world.store.filledLots[world.parent()]]).toEqual([said, race.filled])
      expect([said, world.state()]).toEqual([said, race.state])
      const { positions } = world.world
      expect(positions.lots[positions.row(0 as InstrumentIndex, 0 as VenueIndex, Side.buy)]).toBe(race.filled)
      expect(world.store.workingLots[world.parent()]).toBe(0)
      expect(world.sent().reduce((sum, { lots }) => sum + lots, 0)).toBe(LOTS)
      world.compare()
    }
  })
})
