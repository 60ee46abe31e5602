/**
 * Bytes allocated and nanoseconds taken per order that is stamped, one JSON line. Needs --expose-gc
 * --min-semi-space-size=128 --max-semi-space-size=128: then no collection can hide an allocation between two readings.
 */
import { getHeapStatistics } from 'node:v8'
import { LatencyBoard } from '../../../../hotpath/latency/latency-board.ts'
import { LatencyStage } from '../../../../hotpath/latency/latency-stage.ts'
import { LatencyTracker } from '../../../../hotpath/latency/latency-tracker.ts'
import { Histogram } from '../../../../hotpath/telemetry/histogram.ts'
import { MachineClock } from '../../../../hotpath/threads/machine-clock.ts'
import { Turn } from '../../../../shared/turn.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../../../shared/units/ids.ts'

const COUNT = 1_000
const CALLS = 60
const WARM_UPS = 5
const ROUNDS = 5
const VENUES = 32
const PARENTS = 1_024
const CHILDREN_EACH = 2

/** Least of five measurements: compiling in the background allocates too, and so does the probe. */
function measure(repeat: (count: number) => void): { bytes: number; ns: number } {
  let bytes = Number.POSITIVE_INFINITY
  let ns = Number.POSITIVE_INFINITY
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    globalThis.gc?.()
    const before = getHeapStatistics().used_heap_size
    const startMs = performance.now()
    for (let call = 0; call < CALLS; call++) repeat(COUNT)
    const tookMs = performance.now() - startMs
    const perOperation = (getHeapStatistics().used_heap_size - before) / (CALLS * COUNT)
    if (round < 0) continue
    bytes = Math.min(bytes, Math.abs(perOperation))
    ns = Math.min(ns, (tookMs * 1e6) / (CALLS * COUNT))
  }
  return { bytes, ns }
}

/** An order and its news as the core tells them; the parts of a core are apart, as there. */
class Rig {
  readonly #turn: Turn
  readonly #tracker: LatencyTracker
  readonly #request = { receivedNs: 0 }

  constructor(every: number) {
    const clock = new MachineClock()
    this.#turn = new Turn(clock, { nowUs: 0 })
    const size = { parentsMax: PARENTS, childrenMax: PARENTS * CHILDREN_EACH }
    const board = new LatencyBoard(VENUES)
    this.#tracker = new LatencyTracker({ board, clock, turn: this.#turn, ...size }, every)
  }

  order(parent: ParentRow): void {
    const tracker = this.#tracker
    this.#turn.read()
    tracker.begin(this.#request)
    tracker.mark(LatencyStage.decision)
    tracker.mark(LatencyStage.risk)
    tracker.mark(LatencyStage.journal)
    tracker.accepted(parent)
    for (let i = 0; i < CHILDREN_EACH; i++) tracker.sent((parent * CHILDREN_EACH + i) as ChildRow, false)
    tracker.wired(parent)
  }

  acknowledgement(child: ChildRow): void {
    this.#turn.read()
    this.#tracker.acknowledged(child, (child % VENUES) as VenueIndex)
  }

  fill(child: ChildRow): void {
    this.#turn.read()
    this.#tracker.filled(child, (child % VENUES) as VenueIndex)
    this.#tracker.reported()
  }

  readonly work = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const parent = (i % PARENTS) as ParentRow
      this.order(parent)
      for (let j = 0; j < CHILDREN_EACH; j++) {
        this.acknowledgement((parent * CHILDREN_EACH + j) as ChildRow)
        this.fill((parent * CHILDREN_EACH + j) as ChildRow)
      }
    }
  }
}

function recorder(): (count: number) => void {
  const histogram = new Histogram(3)
  const values = Float64Array.from({ length: 1_024 }, (_, at) => Math.floor(1.02 ** at))
  return (count) => {
    for (let i = 0; i < count; i++) histogram.record(values[i & 1_023])
  }
}

function allocator(): (count: number) => void {
  const kept: object[] = [{}]
  return (count) => {
    for (let i = 0; i < count; i++) kept[0] = { i }
  }
}

const result = {
  anObject: measure(allocator()),
  record: measure(recorder()),
  stamped: measure(new Rig(1).work),
  sampled: measure(new Rig(16).work),
  off: measure(new Rig(0).work),
}
process.stdout.write(JSON.stringify(result))
