/**
 * The whole hot path in one thread under a virtual clock: paper exchange, network, journal, router, client. One seed is
 * one run; the same seed gives the same run, event for event.
 */
import { MemoryJournal, SimulatedCrash } from '../../hotpath/journal/memory-journal.ts'
import { ForecastDuty, layForecastMemory } from '../../hotpath/latency/forecast-duty.ts'
import type { OrderRequest } from '../../hotpath/orders/order-request.ts'
import { stateHash } from '../../hotpath/orders/state-hash.ts'
import { type CoreSetup, World } from '../../hotpath/routing/compose-core.ts'
import { HotPath } from '../../hotpath/threads/hot-path.ts'
import { PaperSide } from '../../hotpath/threads/paper-side.ts'
import { PaperExchange } from '../../hotpath/venues/paper/paper-exchange.ts'
import { PaperLink } from '../../hotpath/venues/paper/paper-link.ts'
import { paperDefaults } from '../../hotpath/venues/paper/paper-options.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Prng } from '../../shared/prng.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S, NS_PER_US } from '../../shared/units/time.ts'
import { Checkers } from './checkers.ts'
import { drawFaults, type Faults } from './faults.ts'
import { InventedMarket } from './invented-market.ts'
import { SimulatedNetwork } from './simulated-network.ts'
import { EPOCH_START_US, VirtualClock } from './virtual-clock.ts'
import { Workload } from './workload.ts'

export const ACCOUNT = 'simulation'
const SETTLE_NS_MAX = 120 * NS_PER_S

export interface SimulationOptions {
  readonly seed: number
  readonly orders: number
  /** Instead of those drawn from the seed. */
  readonly faults?: Faults
  readonly eventEveryNs?: number
  readonly refillHalfLifeNs?: number
  readonly depth?: number
  /** The router's process dies once this journal record is published. */
  readonly crashAtRecord?: number
  /** Venues are chosen by price alone: what a router learned before a crash changes nothing. */
  readonly isForgetful?: boolean
}

export interface SimulationResult {
  readonly seed: number
  readonly orders: number
  readonly accepted: number
  readonly denied: number
  readonly fills: number
  readonly crashes: number
  readonly disconnects: number
  readonly records: number
  readonly virtualMs: number
  /** Empty: all checks hold. */
  readonly violations: readonly string[]
  /** Of the final state: equal for equal seeds. */
  readonly hash: string
  /** What was bought and sold in the end, venue by venue; independent of when. */
  readonly booksOfAccount: string
}

export class Simulation {
  readonly clock = new VirtualClock()
  readonly chance: Prng
  readonly faults: Faults
  readonly exchange: PaperExchange
  readonly network: SimulatedNetwork
  readonly journal = new MemoryJournal(8 * 2 ** 20)
  readonly workload: Workload
  readonly checkers: Checkers
  readonly #seed: number
  #link: PaperLink
  hotPath: HotPath | undefined
  world: World | undefined
  #restartNs = 0
  crashes = 0
  accepted = 0
  denied = 0
  /** Sent and not answered: the process died on it, or nobody was there. */
  readonly #unanswered: OrderRequest[] = []
  readonly #ids: string[] = []

  readonly #isForgetful: boolean

  constructor(options: SimulationOptions) {
    this.#isForgetful = options.isForgetful === true
    this.#seed = options.seed
    this.chance = new Prng(options.seed)
    this.faults = options.faults ?? drawFaults(this.chance.fork(1))
    const shape = this.chance.fork(2)
    const market = new InventedMarket(
      {
        venues: shape.nextBetween(1, 6),
        instruments: shape.nextBetween(1, 3),
        eventEveryNs: options.eventEveryNs ?? shape.nextBetween(2, 50) * NS_PER_MS,
        depth: options.depth ?? 1,
      },
      this.chance.fork(3),
    )
    const poor = shape.chance(0.3)
    this.exchange = new PaperExchange(market, {
      seed: options.seed,
      refillHalfLifeNs: options.refillHalfLifeNs ?? 20 * NS_PER_MS,
      startEpochUs: EPOCH_START_US,
      ...(poor && { deposits: { ...paperDefaults.deposits, USD: 500_000n * 10n ** 8n, BTC: 500n * 10n ** 8n } }),
    })
    this.network = new SimulatedNetwork(this.exchange, this.faults, this.chance.fork(4), this.clock)
    this.checkers = new Checkers(this.exchange, this.clock)
    this.network.onSent = (bytes, isExtra) => this.checkers.onSent(bytes, isExtra)
    this.workload = new Workload(this.chance.fork(5), market.instruments)
    if (options.crashAtRecord !== undefined) this.journal.crashAfter(options.crashAtRecord)
    this.#link = this.#openLink()
  }

  /** Time passes by one step: everybody has a turn, and maybe something breaks. */
  step(ns: number): void {
    this.clock.pass(ns)
    const now = this.clock.monoNs()
    this.exchange.work(now)
    if (this.#restartNs !== 0) {
      if (now < this.#restartNs) return
      this.#restartNs = 0
      this.#link = this.#openLink()
    }
    this.#maybeBreak()
    if (this.#restartNs !== 0) return
    this.#guard(() => {
      this.network.work(now)
      if (this.hotPath === undefined) this.#boot(now)
      else this.hotPath.work(now)
    })
    this.checkers.afterStep(this.world)
  }

  /** Is the router there and taking orders? */
  get isReady(): boolean {
    return this.hotPath?.core.core.isReady === true
  }

  send(request: OrderRequest): void {
    this.#ids.push(String.fromCharCode(...request.clientOrderId.subarray(0, request.clientOrderIdLength)))
    this.#submit(request)
  }

  cancelSome(): void {
    const id = this.#ids[this.chance.nextBelow(Math.max(1, this.#ids.length))]
    if (id === undefined || !this.isReady) return
    this.#guard(() => this.hotPath?.core.core.cancelOrder(this.workload.change(id)))
  }

  replaceSome(): void {
    const id = this.#ids[this.chance.nextBelow(Math.max(1, this.#ids.length))]
    if (id === undefined || !this.isReady) return
    this.#guard(() => this.hotPath?.core.core.replaceOrder(this.workload.change(id)))
  }

  /** As a client does after a reconnect: the same order under the same id. */
  sendUnanswered(): void {
    for (const request of this.#unanswered.splice(0)) this.#submit(request)
  }

  /** Faults stop, what was not answered is asked again, everything resting is taken back: all must come to an end. */
  settle(): void {
    this.faults.active = false
    this.journal.isDiskStalled = false
    const end = this.clock.monoNs() + SETTLE_NS_MAX
    for (let turn = 0; this.clock.monoNs() < end; turn++) {
      this.step(5 * NS_PER_MS)
      if (!this.isReady) continue
      this.sendUnanswered()
      if (turn % 20 === 0) this.#guard(() => this.hotPath?.core.core.massCancel(0 as never, -1))
      if (this.isQuiet()) break
    }
    for (let turn = 0; turn < 20; turn++) this.step(100 * NS_PER_MS)
  }

  result(orders: number): SimulationResult {
    const { world } = this
    if (world !== undefined) this.checkers.atEnd(world, this.journal)
    return {
      seed: this.#seed,
      orders,
      accepted: this.accepted,
      denied: this.denied,
      fills: this.checkers.fills,
      crashes: this.crashes,
      disconnects: this.#link.downs,
      records: this.journal.lastSequence(),
      virtualMs: Math.round(this.clock.monoNs() / NS_PER_MS),
      violations: this.checkers.violations,
      hash: world === undefined ? '' : stateHash(world.store, world.positions),
      booksOfAccount: this.checkers.booksOfAccount(),
    }
  }

  /** kill -9: nothing of the process is left but its journal. */
  crash(): void {
    this.crashes++
    this.checkers.onCrash()
    this.network.abandonAll()
    this.hotPath = undefined
    this.world = undefined
    this.#restartNs = this.clock.monoNs() + this.chance.nextBetween(1, 300) * NS_PER_MS
  }

  #submit(request: OrderRequest): void {
    if (!this.isReady) {
      this.#unanswered.push(request)
      return
    }
    let reason: DenyReason | undefined
    this.#guard(() => {
      reason = this.hotPath?.core.core.newOrder(request)
      this.hotPath?.flush()
    })
    if (reason === undefined || reason === DenyReason.notReady || reason === DenyReason.journalFull) {
      this.#unanswered.push(request)
    } else if (reason === DenyReason.none) this.accepted++
    else this.denied++
  }

  /** Nothing is under way. */
  isQuiet(): boolean {
    return this.#unanswered.length === 0 && this.hotPath?.core.parts.open.count === 0
  }

  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof SimulatedCrash)) throw error
      this.crash()
    }
  }

  #maybeBreak(): void {
    const { faults, chance } = this
    if (!faults.active) return
    if (chance.chance(faults.stallDisk)) this.journal.isDiskStalled = !this.journal.isDiskStalled
    if (!chance.chance(faults.crash)) return
    if (chance.chance(0.5)) this.crash()
    else this.journal.crashAfter(this.journal.lastSequence() + chance.nextBetween(1, 30))
  }

  #openLink(): PaperLink {
    return new PaperLink({
      open: (events) => this.network.open(events),
      account: ACCOUNT,
      token: () => '',
      allLevels: false,
      clock: this.clock,
      chance: this.chance.fork(6),
    })
  }

  /** The router starts: the link says what market it is, the journal what was; then it goes on. */
  #boot(now: MonoNs): void {
    this.#link.work(now)
    const { market } = this.#link
    if (market === undefined) return
    const setup: CoreSetup = {
      clock: this.clock,
      market: { ...market, name: market.market, simulated: true, levelsMax: market.levels },
      accounts: [{ openOrdersMax: 10_000, orderNotionalMax: 1e12 }],
      capacity: { parentsMax: 1_024, childrenMax: 16_384, fillsMax: 65_536 },
      decisionsKept: 16,
      searchNodesMax: 500,
      childDeadlineMs: 200,
      pricesTime: !this.#isForgetful,
      failsOver: !this.#isForgetful,
      // Every third seed holds its children back, as long as the slowest simulated way.
      arrivalWaitUsMax: !this.#isForgetful && this.#seed % 3 === 0 ? 20_000 : 0,
      core: {
        childrenMax: 0,
        slippageCentiBps: 50_000,
        routesMax: 20,
        rerouteWaitUs: 10_000,
        immediateLifeUs: 2_000_000,
        silenceUs: 100_000,
        auditUs: 1_000_000,
      },
    }
    const world = new World(setup)
    this.journal.replay((_sequence, _epochUs, payload) => world.replay(payload))
    this.checkers.onRestart(world)
    const { journal } = this
    const side = new PaperSide(this.#link, setup.market, setup.market.levelsMax)
    const forecast = layForecastMemory(setup.market.venues.length, false)
    const forecasts = new ForecastDuty(forecast, this.clock)
    const whole = { ...setup, forecast }
    this.hotPath = new HotPath({ setup: whole, world, journal, side, reports: this.checkers, forecasts })
    this.world = world
  }
}

/** One seed from beginning to end. */
export function simulate(options: SimulationOptions): SimulationResult {
  const simulation = new Simulation(options)
  const { chance } = simulation
  for (let sent = 0; sent < options.orders; ) {
    simulation.step(chance.nextExponential(500 * NS_PER_US) + NS_PER_US)
    if (chance.chance(0.04)) simulation.send(simulation.workload.invent(sent++, simulation.clock.epochUs()))
    if (chance.chance(0.01)) simulation.cancelSome()
    if (chance.chance(0.005)) simulation.replaceSome()
  }
  simulation.settle()
  return simulation.result(options.orders)
}
