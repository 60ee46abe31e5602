import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LatencyKind } from '../../../../hotpath/latency/learned-latency.ts'
import { LatencyDataError, readLatencyData, readRoundTrips } from '../../../../models/evaluation/latency-study-data.ts'

const HEAD = 'Timestamp,Order_ID,Status'
const text = (...rows: readonly string[]): string => [HEAD, ...rows, ''].join('\n')

describe('readRoundTrips', () => {
  test('pairs an ask with its answer by order and kind, in the order of the answers', () => {
    const read = readRoundTrips(
      text(
        '100,a,PENDING_CREATE',
        '110,b,PENDING_CREATE',
        '150,b,CREATED',
        '170,a,CREATED',
        '200,a,PENDING_CANCEL',
        '230,a,CANCELED',
      ),
    )
    expect(read).toEqual({
      trips: [
        { kind: LatencyKind.place, sentMs: 110, answeredMs: 150 },
        { kind: LatencyKind.place, sentMs: 100, answeredMs: 170 },
        { kind: LatencyKind.cancel, sentMs: 200, answeredMs: 230 },
      ],
      bad: 0,
      halves: 0,
    })
  })

  test('a pair cut in half is counted, on either side of the cut', () => {
    expect(readRoundTrips(text('100,a,CREATED', '200,b,PENDING_EXECUTE'))).toEqual({ trips: [], bad: 0, halves: 2 })
  })

  test('garbage rows, repeated asks and answers before their ask are counted, not read', () => {
    const read = readRoundTrips(
      text(
        'x,a,CREATED',
        '1',
        ',,',
        '5,a,toString',
        '9,a,PENDING_CREATE',
        '8,a,CREATED',
        '10,b,PENDING_CREATE',
        '11,b,PENDING_CREATE',
        '14,b,CREATED',
      ),
    )
    expect(read?.bad).toBe(6)
    expect(read?.trips).toEqual([{ kind: LatencyKind.place, sentMs: 10, answeredMs: 14 }])
  })

  test('another layout is none', () => {
    expect(readRoundTrips('time,price\n1,2\n')).toBeUndefined()
    expect(readRoundTrips('')).toBeUndefined()
  })
})

describe('readLatencyData', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'latency-data-'))
    writeFileSync(path.join(directory, 'good.csv.gz'), gzipSync(text('1,a,PENDING_CREATE', '5,a,CREATED')))
    writeFileSync(path.join(directory, 'plain.csv'), text('1,a,PENDING_CANCEL', '5,a,CANCELED', '7,b,CANCELED'))
    writeFileSync(path.join(directory, 'torn.csv.gz'), gzipSync(text('1,a,PENDING_CREATE')).subarray(0, 20))
    writeFileSync(path.join(directory, 'other.csv'), 'a,b\n')
    writeFileSync(path.join(directory, 'empty.csv'), text())
    writeFileSync(path.join(directory, 'README.md'), 'no data')
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  test('reads what it knows and says a line of what it left out', () => {
    const { files, notes } = readLatencyData(directory)
    expect(files.map(({ name }) => name)).toEqual(['good.csv.gz', 'plain.csv'])
    expect(notes.map((note) => note.split(':')[0])).toEqual(['empty.csv', 'other.csv', 'plain.csv', 'torn.csv.gz'])
  })

  test('nothing to run on is one line', () => {
    expect(() => readLatencyData(path.join(directory, 'nowhere'))).toThrow(LatencyDataError)
    expect(() => readLatencyData(path.join(directory, 'other.csv'))).toThrow(/no recorded round trips/)
  })
})
