import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CLIENT_ORDER_ID_BYTES_MAX, JOURNAL_RECORD_BYTES_MAX } from '../../../../shared/limits.ts'
import {
  ACCEPT_BYTES_MAX,
  Accept,
  Benchmark,
  ChildReport,
  Head,
  Intent,
  JournalRecord,
  ParentEnd,
  RecordType,
  Replace,
  Route,
  recordTypeNames,
  Start,
} from '../../../../shared/wire/journal-frame.ts'
import { RecordWriter } from '../../../fixtures/record-writer.ts'

test('fields of a record do not overlap and are aligned to their size', () => {
  for (const layout of [Start, Route, Intent, ChildReport, Replace, ParentEnd]) {
    const offsets = Object.values(layout)
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
    expect(new Set(offsets).size).toBe(offsets.length)
    expect(Math.min(...offsets)).toBe(Head.end)
  }
  expect(Benchmark.rows + Benchmark.rowsMax * Benchmark.rowBytes).toBe(Benchmark.planBps)
  expect(ACCEPT_BYTES_MAX).toBeLessThanOrEqual(JOURNAL_RECORD_BYTES_MAX)
  expect(recordTypeNames[RecordType.benchmark]).toBe('benchmark')
})

test('a record loaded is the record written', () => {
  const written = new RecordWriter().accept(5, 100, 'desk-1')
  const read = new JournalRecord()
  expect(read.load(written.bytes.slice(0, written.length))).toBe(true)
  expect(read.type).toBe(RecordType.accept)
  expect(read.view.getFloat64(Head.parentSequence, true)).toBe(5)
  expect(read.bytes.slice(0, read.length)).toEqual(written.bytes.slice(0, written.length))
})

test('another version, an unknown type, or a record shorter than its fields is refused', () => {
  const { bytes, length } = new RecordWriter().intent(5, 1, 10)
  const load = (at: number, value: number, cut = length) => {
    const copy = bytes.slice(0, cut)
    copy[at] = value
    return new JournalRecord().load(copy)
  }
  expect(load(Head.type, RecordType.intent)).toBe(true)
  expect(load(Head.version, 2)).toBe(false)
  expect(load(Head.type, 0)).toBe(false)
  expect(load(Head.type, 200)).toBe(false)
  expect(load(Head.type, RecordType.intent, length - 1)).toBe(false)
})

test('an accept that names more bytes than it has, or than an id may have, is refused', () => {
  const { bytes, length } = new RecordWriter().accept(5, 100, 'desk-1')
  for (const claimed of [7, CLIENT_ORDER_ID_BYTES_MAX + 1, 255]) {
    const copy = new Uint8Array(claimed > CLIENT_ORDER_ID_BYTES_MAX ? 1_000 : length)
    copy.set(bytes.subarray(0, length))
    copy[Accept.clientIdLength] = claimed
    expect(new JournalRecord().load(copy)).toBe(false)
  }
})

test('no bytes make it throw', () => {
  const record = new JournalRecord()
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void record.load(bytes)))
  expect(record.load(new Uint8Array(JOURNAL_RECORD_BYTES_MAX + 1))).toBe(false)
})
