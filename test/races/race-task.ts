/** What one participant of a race is told, what it answers, and the words that all of them share. */
import type { SharedLayout } from '../../hotpath/memory/zero-copy-engine.ts'
import { ZeroCopyEngine } from '../../hotpath/memory/zero-copy-engine.ts'
import { BackOff } from './back-off.ts'
import type { Faults } from './sequence-check.ts'

/** Deliberate mistakes: a race that cannot fail proves nothing. */
export const mistakes = ['none', 'publish before fill', 'release before read', 'write unmarked'] as const
export type Mistake = (typeof mistakes)[number]

/** Plain data: workerData or a fork's message. */
export interface RaceTask {
  readonly role: string
  readonly layout: SharedLayout
  /** Which participant this is; of the producers, the first ones. */
  readonly seat: number
  readonly producers: number
  /** Of all producers together. */
  readonly messages: number
  readonly batch: number
  readonly spins: number
  readonly mistake: Mistake
}

/** Everything a participant found; writers find nothing. */
export interface RaceAnswer extends Faults {
  readonly received: number
  readonly note?: string
  readonly error?: string
}

export const CONTROL_REGION = 'control'
const SEATS_MAX = 8
/** Int32 words on lines of their own. */
const Word = { go: 0, done: 32, progress: 64 } as const
export const CONTROL_BYTES = (Word.progress + SEATS_MAX * 32) * 4

/** The memory as a participant sees it, and its place in the race. */
export class RaceSeat {
  readonly task: RaceTask
  readonly engine: ZeroCopyEngine
  readonly backOff: BackOff
  readonly #control: Int32Array

  constructor(task: RaceTask) {
    this.task = task
    this.engine = ZeroCopyEngine.attach(task.layout)
    this.backOff = new BackOff(task.spins)
    this.#control = controlWords(this.engine)
  }

  /** This producer's share of the messages. */
  get share(): number {
    return shareOf(this.task, this.task.seat)
  }

  words(region: string): Int32Array {
    const bytes = this.engine.bytes(region)
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
  }

  waitForGo(): void {
    const start = new BackOff(1)
    while (Atomics.load(this.#control, Word.go) === 0) if (!start.idle()) throw new Error('the race was never started')
  }

  /** Nothing to do just now; throws when the other side has stopped. */
  idle(): void {
    if (!this.backOff.idle()) throw new Error('the other side has stopped')
  }

  tell(count: number): void {
    Atomics.store(this.#control, Word.progress + this.task.seat * 32, count)
  }

  finish(): void {
    Atomics.add(this.#control, Word.done, 1)
  }

  areProducersDone(): boolean {
    return Atomics.load(this.#control, Word.done) >= this.task.producers
  }
}

export function shareOf({ messages, producers }: RaceTask, producer: number): number {
  return Math.floor(messages / producers) + (producer < messages % producers ? 1 : 0)
}

function controlWords(engine: ZeroCopyEngine): Int32Array {
  const bytes = engine.bytes(CONTROL_REGION)
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
}

export function startRace(engine: ZeroCopyEngine): void {
  Atomics.store(controlWords(engine), Word.go, 1)
}

/** What the participant in `seat` has done so far. */
export function progressOf(engine: ZeroCopyEngine, seat: number): number {
  return Atomics.load(controlWords(engine), Word.progress + seat * 32)
}
