import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Capture, readCapture } from '../../../../hotpath/marketdata/capture-file.ts'
import { CaptureWriter } from '../../../../hotpath/marketdata/capture-writer.ts'
import { VirtualClock } from '../venues/paper/paper-world.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'capture-writer-'))
afterAll(() => rmSync(folder, { recursive: true }))
let serial = 0

function world(partBytesMax = 2 ** 30) {
  const clock = new VirtualClock()
  const place = path.join(folder, `${++serial}`)
  mkdirSync(place)
  const writer = new CaptureWriter({
    folder: place,
    exchange: 'TOY',
    config: { l2_book: ['A/B'] },
    clock,
    partBytesMax,
  })
  const read = (): Capture[] => writer.paths.map((file) => readCapture(file)!)
  return { clock, place, writer, read }
}

describe('what is written is read back', () => {
  test('every kind of event, with its time and connection', () => {
    const { clock, writer, read } = world()
    writer.onConnect('toy.1', 'wss://toy.test/ws?token=abc')
    clock.ns = 1_500_000
    writer.onSend('toy.1', '{"subscribe":1}')
    writer.onFrame('toy.1', Buffer.from('{"é":"\\n"}'), true)
    clock.ns = 2_000_000
    writer.onFrame('toy.2', new Uint8Array([0, 255, 10, 13]), false)
    writer.onHttp('toy.1', 'https://toy.test/depth?symbol=A', '{"bids":[]}')
    writer.onBooks({ A: '0011' })
    expect(writer.lines).toBe(6)
    writer.close()
    const [capture] = read()
    expect(capture).toMatchObject({ exchange: 'TOY', badLines: 0, recorded: clock.startUs / 1e6 })
    const told = capture.events.map(({ kind, connection, timeUs, url, bytes }) => [
      kind,
      connection,
      timeUs - clock.startUs,
      url,
      Buffer.from(bytes).toString('latin1'),
    ])
    expect(told).toEqual([
      ['connect', 'toy.1', 0, 'wss://toy.test/ws', ''],
      ['send', 'toy.1', 1_500, '', '{"subscribe":1}'],
      ['recv', 'toy.1', 1_500, '', Buffer.from('{"é":"\\n"}').toString('latin1')],
      ['recv', 'toy.2', 2_000, '', '\u0000\u00ff\n\r'],
      ['http', 'toy.1', 2_000, 'https://toy.test/depth?symbol=A', '{"bids":[]}'],
      ['books', '', 2_000, '', '{"A":"0011"}'],
    ])
  })

  test('any bytes and any text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })), { maxLength: 20 }), (frames) => {
        const { writer, read } = world()
        for (const frame of frames) {
          if (typeof frame === 'string') writer.onFrame('a', Buffer.from(frame), true)
          else writer.onFrame('a', frame, false)
        }
        writer.close()
        const read1 = read()[0].events.map(({ bytes }) => [...bytes])
        expect(read1).toEqual(frames.map((frame) => [...(typeof frame === 'string' ? Buffer.from(frame) : frame)]))
      }),
      { numRuns: 50 },
    )
  })

  test('a piece of a larger buffer is its own bytes only', () => {
    const { writer, read } = world()
    writer.onFrame('a', Buffer.from('xxhelloxx').subarray(2, 7), true)
    writer.onFrame('a', Buffer.from('xxhelloxx').subarray(2, 7), false)
    writer.close()
    expect(read()[0].events.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['hello', 'hello'])
  })
})

describe('parts', () => {
  test('a full part is followed by another of the same recording', () => {
    const { clock, writer, read } = world(300_000)
    const text = 'x'.repeat(1_000)
    for (let at = 0; at < 1_200; at++) {
      clock.ns += 1_000_000
      writer.onFrame('a', Buffer.from(`${at} ${text}`), true)
    }
    writer.close()
    expect(writer.paths.map((file) => path.basename(file))).toEqual([
      'TOY.jsonl.gz',
      'TOY.part2.jsonl.gz',
      'TOY.part3.jsonl.gz',
    ])
    const parts = read()
    expect(new Set(parts.map(({ recorded }) => recorded)).size).toBe(1)
    const numbers = parts.flatMap(({ events }) =>
      events.map(({ bytes }) => Number.parseInt(Buffer.from(bytes).toString(), 10)),
    )
    expect(numbers).toEqual(Array.from({ length: 1_200 }, (_, at) => at))
    const header = JSON.parse(gunzipSync(readFileSync(writer.paths[1])).toString().split('\n')[0])
    expect(header).toMatchObject({ t: 'header', exchange: 'TOY', part: '2', config: { l2_book: ['A/B'] } })
  })

  test('a file that was torn is read up to where it was', () => {
    const { writer, read } = world()
    for (let at = 0; at < 2_000; at++) writer.onFrame('a', Buffer.from(`${at} ${'x'.repeat(500)}`), true)
    writer.close()
    const whole = readFileSync(writer.paths[0]).length
    truncateSync(writer.paths[0], whole - 100)
    const { events, badLines } = read()[0]
    expect(badLines).toBeLessThanOrEqual(1)
    expect(events.length).toBeGreaterThan(1_000)
    expect(events.length).toBeLessThan(2_000)
  })

  test('a file that is there is not written over', () => {
    const { place } = world()
    const again = () =>
      new CaptureWriter({ folder: place, exchange: 'TOY', config: {}, clock: new VirtualClock(), partBytesMax: 1 })
    expect(again).toThrow('EEXIST')
  })
})
