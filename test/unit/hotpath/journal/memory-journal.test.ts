/** The simulation's journal: crashes, stalls and power failures on demand. */
import { describe, expect, test } from 'vitest'
import { MemoryJournal, SimulatedCrash } from '../../../../hotpath/journal/memory-journal.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'

function append(journal: MemoryJournal, ...bytes: number[]): number {
  return journal.append(Uint8Array.from(bytes), bytes.length)
}

function contents(journal: MemoryJournal): unknown[] {
  const found: unknown[] = []
  journal.replay((sequence, epochUs, payload) => found.push([sequence, epochUs, ...payload]))
  return found
}

test('keeps copies, with the time of the turn, and replays them in order', () => {
  const journal = new MemoryJournal()
  const scratch = Uint8Array.of(1, 2, 3)
  journal.nowUs = 100 as EpochUs
  expect(journal.append(scratch, 2)).toBe(1)
  scratch[0] = 9
  journal.nowUs = 200 as EpochUs
  expect(journal.append(scratch, 3)).toBe(2)
  expect(contents(journal)).toEqual([
    [1, 100, 1, 2],
    [2, 200, 9, 2, 3],
  ])
  expect(journal.durableSequence()).toBe(2)
})

test('a crash comes after its record is in, once, and the journal goes on', () => {
  const journal = new MemoryJournal()
  journal.crashAfter(2)
  append(journal, 1)
  expect(() => append(journal, 2)).toThrow(SimulatedCrash)
  expect(contents(journal).length).toBe(2)
  expect(append(journal, 3)).toBe(3)
})

describe('a stalled disk', () => {
  test('holds durability back and uses the room up; room keeps what it promises', () => {
    const journal = new MemoryJournal(16_384)
    journal.isDiskStalled = true
    let appended = 0
    for (;;) {
      const isPromised = journal.room() >= 32
      const sequence = append(journal, 1, 2, 3)
      if (isPromised) expect(sequence).toBe(appended + 1)
      if (sequence === -1) break
      appended++
    }
    expect(appended).toBe(16_384 / 32)
    expect(journal.durableSequence()).toBe(0)
    journal.isDiskStalled = false
    expect(journal.durableSequence()).toBe(appended)
    expect(append(journal, 1)).toBe(appended + 1)
  })

  test('loses with the machine what it did not write', () => {
    const journal = new MemoryJournal()
    append(journal, 1)
    expect(journal.durableSequence()).toBe(1)
    journal.isDiskStalled = true
    append(journal, 2)
    journal.losePower()
    expect(contents(journal)).toEqual([[1, 0, 1]])
    expect(append(journal, 3)).toBe(2)
  })
})
