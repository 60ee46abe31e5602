/** The layouts that are raced: which memory, which regions in it, who takes part. */
import { formatRing as formatJournalRing, ringRegionBytes } from '../../hotpath/journal/journal-ring.ts'
import { formatRing, ringBytes } from '../../hotpath/memory/ring.ts'
import { formatSeqlock, SeqlockTable } from '../../hotpath/memory/seqlock.ts'
import type { SharedBetween, ZeroCopyEngine } from '../../hotpath/memory/zero-copy-engine.ts'
import { JOURNAL_REGION, journalRegion } from './journal-roles.ts'
import { ringRegion, SLOT_BYTES } from './ring-roles.ts'
import { SEQLOCK_REGION, seqlockShape } from './seqlock-roles.ts'

export interface RaceLayout {
  readonly name: string
  readonly between: SharedBetween
  /** Producers first. */
  readonly roles: readonly string[]
  readonly producers: number
  readonly batch: number
  claim(engine: ZeroCopyEngine): void
  format(engine: ZeroCopyEngine, messages: number): void
}

/** Small enough to be full and empty all the time. */
const ringShape = { slots: 1_024, slotBytes: SLOT_BYTES } as const
const JOURNAL_RING_BYTES = 2 ** 17

function ringLayout(between: SharedBetween, batch: number, wrap: number): RaceLayout {
  return {
    name: `ring between ${between}, batch ${batch}`,
    between,
    roles: ['writeRing', 'readRing'],
    producers: 1,
    batch,
    claim: (engine) => engine.claim(ringRegion(0), ringBytes(ringShape), 'producer 0'),
    // The counters pass `wrap` in the middle of the race.
    format: (engine, messages) =>
      formatRing(engine.bytes(ringRegion(0)), ringShape, wrap - Math.floor(Math.min(messages, 2 ** 30) / 2)),
  }
}

function fanInLayout(producers: number): RaceLayout {
  const rows = Array.from({ length: producers }, (_, producer) => producer)
  return {
    name: `fan-in of ${producers} threads, batch 64`,
    between: 'threads',
    roles: [...rows.map(() => 'writeRing'), 'readFanIn'],
    producers,
    batch: 64,
    claim: (engine) => {
      for (const row of rows) engine.claim(ringRegion(row), ringBytes(ringShape), `producer ${row}`)
    },
    format: (engine) => {
      for (const row of rows) formatRing(engine.bytes(ringRegion(row)), ringShape, 2 ** 32 - 100_000)
    },
  }
}

function seqlockLayout(between: SharedBetween): RaceLayout {
  const { blocks, doublesPerBlock } = seqlockShape
  return {
    name: `seqlock between ${between}, 2 readers`,
    between,
    roles: ['writeSeqlock', 'readSeqlock', 'readSeqlock'],
    producers: 1,
    batch: 1,
    claim: (engine) => engine.claim(SEQLOCK_REGION, SeqlockTable.bytes(blocks, doublesPerBlock), 'writer'),
    format: (engine) => formatSeqlock(engine.bytes(SEQLOCK_REGION), seqlockShape),
  }
}

const journalLayout: RaceLayout = {
  name: 'journal ring between threads',
  between: 'threads',
  roles: ['writeJournal', 'readJournal'],
  producers: 1,
  batch: 1,
  claim: (engine) => engine.claim(JOURNAL_REGION, ringRegionBytes(JOURNAL_RING_BYTES), 'core'),
  format: (engine) => formatJournalRing(journalRegion(engine.bytes(JOURNAL_REGION)), 1, 0),
}

export const raceLayouts: readonly RaceLayout[] = [
  ringLayout('threads', 1, 2 ** 31),
  ringLayout('threads', 64, 2 ** 32),
  ringLayout('processes', 1, 2 ** 32),
  ringLayout('processes', 64, 2 ** 31),
  fanInLayout(3),
  seqlockLayout('threads'),
  seqlockLayout('processes'),
  journalLayout,
]
