import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameBuffer } from '../../../../../hotpath/venues/paper/frame-buffer.ts'
import { FrameReader } from '../../../../../hotpath/venues/paper/frame-reader.ts'
import { writeCancelAll, writePlace } from '../../../../../hotpath/venues/paper/paper-command-frame.ts'
import { FrameKind, frameBytes, frameKind, writeJson } from '../../../../../hotpath/venues/paper/paper-frame.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { BUY, testOrder } from '../../../../conformance/venue-conformance-bench.ts'

const FRAME_BYTES_MAX = 4_096

function someFrames(count: number): Uint8Array {
  const buffer = new FrameBuffer(64, 1_000_000)
  for (let at = 0; at < count; at++) {
    if (at % 3 === 0) writePlace(buffer, 2 as VenueIndex, testOrder(BUY, 100, 10, { parent: at }))
    else if (at % 3 === 1) writeCancelAll(buffer, at as VenueIndex)
    else writeJson(buffer, FrameKind.hello, { text: 'x'.repeat(at * 7) })
  }
  return buffer.take()
}

/** Every frame as text, and whether the reader still reads. */
function read(reader: FrameReader, pieces: readonly Uint8Array[]): { frames: string[]; isGood: boolean } {
  const frames: string[] = []
  let isGood = true
  for (const piece of pieces) {
    isGood = reader.read(piece, {
      onFrame: (view, at) => {
        frames.push(Buffer.from(view.buffer, view.byteOffset + at, frameBytes(view, at)).toString('hex'))
        return true
      },
    })
  }
  return { frames, isGood }
}

describe('a frame reader', () => {
  test('finds the same frames however the bytes are cut', () => {
    const bytes = someFrames(30)
    const { frames } = read(new FrameReader(FRAME_BYTES_MAX), [bytes])
    expect(frames.length).toBe(30)
    expect(frames.join('')).toBe(Buffer.from(bytes).toString('hex'))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 50 }), (sizes) => {
        const pieces: Uint8Array[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const to = Math.min(bytes.length, at + sizes[turn % sizes.length])
          pieces.push(bytes.slice(at, to))
          at = to
        }
        expect(read(new FrameReader(FRAME_BYTES_MAX), pieces)).toEqual({ frames, isGood: true })
      }),
      { numRuns: 200 },
    )
  })

  const hostile: readonly (readonly [string, (bytes: Uint8Array) => void])[] = [
    ['shorter than its header', (bytes) => bytes.set([7, 0, 0, 0])],
    ['of length 0', (bytes) => bytes.set([0, 0, 0, 0])],
    ['longer than the bound', (bytes) => bytes.set([1, 16, 0, 0])],
    ['of 4 GiB', (bytes) => bytes.fill(255, 0, 4)],
    ['of another version', (bytes) => bytes.set([2], 5)],
  ]
  test.each(hostile)('breaks for good on a frame %s', (_what, spoil) => {
    const bytes = someFrames(3)
    spoil(bytes)
    for (const pieces of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
      const reader = new FrameReader(FRAME_BYTES_MAX)
      expect(read(reader, pieces)).toEqual({ frames: [], isGood: false })
      expect(read(reader, [someFrames(1)])).toEqual({ frames: [], isGood: false })
      expect(reader.isBroken).toBe(true)
    }
  })

  test('stops at the frame its sink refuses', () => {
    const kinds: number[] = []
    const reader = new FrameReader(FRAME_BYTES_MAX)
    const isGood = reader.read(someFrames(6), {
      onFrame: (view, at) => {
        kinds.push(frameKind(view, at))
        return kinds.length < 2
      },
    })
    expect(isGood).toBe(false)
    expect(kinds).toEqual([FrameKind.place, FrameKind.cancelAll])
  })

  test('never throws and never keeps more than the bound, whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (pieces) => {
        read(new FrameReader(FRAME_BYTES_MAX), pieces)
      }),
      { numRuns: 300 },
    )
  })
})
