/**
 * Forecasting beside the core: round trips go over a ring to a duty that learns from them, on a thread of its own or in
 * the same one, and what it forecasts comes back through a seqlock table. The core never waits for either.
 *
 *   core ── samples (ring) ──▶ duty: LearnedLatency ── quantiles by venue (seqlock) ──▶ core
 */
import type { Clock } from '../../shared/clock.ts'
import type { Duty } from '../../shared/duty.ts'
import type { EpochUs, MonoNs } from '../../shared/units/time.ts'
import { NS_PER_S } from '../../shared/units/time.ts'
import { formatRing, RingReader, RingWriter, ringBytes } from '../memory/ring.ts'
import { formatSeqlock, SeqlockTable } from '../memory/seqlock.ts'
import type { VenueDefault } from './latency-forecast.ts'
import { LATENCY_KINDS, LearnedLatency } from './learned-latency.ts'

/** Some 40 ms of 100,000 round trips a second; what does not fit is not learned from. */
const SAMPLES = { slots: 4_096, slotBytes: 64 } as const
/** Doubles of a sample: row, nanoseconds, when it was answered. */
const Sample = { row: 0, ns: 1, epochUs: 2 } as const
/** Doubles of a published row; the block behind the last row holds how often anything was published. */
const Figure = { p50Ns: 0, p90Ns: 1, p99Ns: 2, count: 3 } as const
/** Rows that nobody trades at are made new this often: hours pass without round trips. */
const REFRESH_NS = NS_PER_S
/** Samples taken in one turn: a forecast takes a few microseconds. */
const PER_TURN = 256

/** Until a venue has been seen often enough: a client in the same region as its venue, order of magnitude. */
export const LATENCY_DEFAULT: VenueDefault = { p50Ns: 20e6, p90Ns: 60e6, p99Ns: 300e6 }

export interface ForecastMemory {
  readonly samples: SharedArrayBuffer | ArrayBuffer
  readonly figures: SharedArrayBuffer | ArrayBuffer
}

/** `isShared`: the duty has a thread of its own. */
export function layForecastMemory(venues: number, isShared: boolean): ForecastMemory {
  const take = (bytes: number) => (isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
  const shape = { blocks: venues + 1, doublesPerBlock: Figure.count }
  const samples = take(ringBytes(SAMPLES))
  const figures = take(SeqlockTable.bytes(shape.blocks, shape.doublesPerBlock))
  formatRing(new Uint8Array(samples), SAMPLES)
  formatSeqlock(new Uint8Array(figures), shape)
  return { samples, figures }
}

/** The core's end. One writer of samples, one reader of figures. */
export class ForecastFeed {
  readonly venues: number
  /** By venue: what is forecast of the next order's round trip. */
  readonly p50Ns: Float64Array
  readonly p99Ns: Float64Array
  /** Round trips that nobody learned from, because the duty was behind. */
  dropped = 0
  readonly #samples: RingWriter
  readonly #figures: SeqlockTable
  readonly #block = new Float64Array(Figure.count)
  readonly #seen = new Float64Array(1)
  /** The sample at hand: doubles as arguments would be boxed. */
  readonly sample = new Float64Array(2)

  constructor({ samples, figures }: ForecastMemory) {
    this.#samples = new RingWriter(new Uint8Array(samples))
    this.#figures = new SeqlockTable(new Uint8Array(figures))
    this.venues = this.#figures.blocks - 1
    this.p50Ns = new Float64Array(this.venues).fill(LATENCY_DEFAULT.p50Ns)
    this.p99Ns = new Float64Array(this.venues).fill(LATENCY_DEFAULT.p99Ns)
  }

  /** `sample` holds nanoseconds and the wall time of the answer. `row` is LearnedLatency's: kind x venues + venue. */
  note(row: number): void {
    const at = this.#samples.claim()
    if (at < 0) {
      this.dropped++
      return
    }
    const { doubles } = this.#samples
    doubles[at / 8 + Sample.row] = row
    doubles[at / 8 + Sample.ns] = this.sample[0]
    doubles[at / 8 + Sample.epochUs] = this.sample[1]
    this.#samples.publish()
  }

  /** Once a turn: takes what is new. A row that is being written is taken at the next change. Answers rows taken. */
  work(): number {
    const block = this.#block
    if (!this.#figures.read(this.venues, block) || block[0] === this.#seen[0]) return 0
    this.#seen[0] = block[0]
    let taken = 0
    for (let venue = 0; venue < this.venues; venue++) {
      if (!this.#figures.read(venue, block) || block[Figure.p50Ns] === 0) continue
      this.p50Ns[venue] = block[Figure.p50Ns]
      this.p99Ns[venue] = block[Figure.p99Ns]
      taken++
    }
    return taken
  }
}

export class ForecastDuty implements Duty {
  readonly name = 'forecast'
  readonly learned: LearnedLatency
  readonly #clock: Clock
  readonly #samples: RingReader
  readonly #figures: SeqlockTable
  readonly #isChanged: Uint8Array
  readonly #next = new Float64Array(2)

  constructor({ samples, figures }: ForecastMemory, clock: Clock) {
    this.#samples = new RingReader(new Uint8Array(samples))
    this.#figures = new SeqlockTable(new Uint8Array(figures))
    this.#clock = clock
    const venues = this.#figures.blocks - 1
    this.learned = new LearnedLatency(Array.from({ length: venues }, () => LATENCY_DEFAULT))
    this.#isChanged = new Uint8Array(venues)
  }

  work(nowNs: MonoNs): number {
    const taken = this.#learn()
    if (nowNs >= this.#next[0]) {
      this.#next[0] = nowNs + REFRESH_NS
      this.#refresh()
    }
    if (taken > 0) this.#publish()
    return taken
  }

  #learn(): number {
    const { doubles } = this.#samples
    let taken = 0
    for (let at = this.#samples.poll(); at >= 0; at = taken < PER_TURN ? this.#samples.poll() : -1) {
      const row = doubles[at / 8 + Sample.row]
      this.learned.note(row, doubles[at / 8 + Sample.ns], doubles[at / 8 + Sample.epochUs] as EpochUs)
      this.#isChanged[row % this.learned.venues] = 1
      taken++
    }
    if (taken > 0) this.#samples.release()
    return taken
  }

  #refresh(): void {
    const nowUs = this.#clock.epochUs()
    for (let row = 0; row < this.learned.venues * LATENCY_KINDS; row++) this.learned.refresh(row, nowUs)
    this.#isChanged.fill(1)
    this.#publish()
  }

  #publish(): void {
    const { doubles } = this.#figures
    const { medianNs, p90Ns, p99Ns, venues } = this.learned
    for (let venue = 0; venue < venues; venue++) {
      if (this.#isChanged[venue] === 0) continue
      this.#isChanged[venue] = 0
      const at = this.#figures.begin(venue)
      doubles[at + Figure.p50Ns] = medianNs[venue]
      doubles[at + Figure.p90Ns] = p90Ns[venue]
      doubles[at + Figure.p99Ns] = p99Ns[venue]
      this.#figures.end(venue)
    }
    const at = this.#figures.begin(venues)
    doubles[at] = ++this.#next[1]
    this.#figures.end(venues)
  }
}
