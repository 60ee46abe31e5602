/** A stream over two rings and a pipe: every byte, in order, in both directions, over connections that come and go. */
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { Pipe, PipeEvents } from '../../../../../hotpath/venues/paper/pipe.ts'
import { PipeRelay, type RelayedPipe } from '../../../../../hotpath/venues/paper/pipe-relay.ts'
import { RingPipes } from '../../../../../hotpath/venues/paper/ring-pipe.ts'
import { sharedBell, sharedRing } from '../../../../fixtures/relayed-transport.ts'

/** The other end of the real socket, by hand. */
class HandPipe implements RelayedPipe {
  readonly port: number
  readonly events: PipeEvents
  readonly sent: number[] = []
  isPaused = false
  isClosed = false
  unsentBytes = 0

  constructor(port: number, events: PipeEvents) {
    this.port = port
    this.events = events
  }
  send(bytes: Uint8Array): void {
    this.sent.push(...bytes)
  }
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.events.onClose()
  }
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }
}

class Heard implements PipeEvents {
  opened = 0
  closed = 0
  readonly bytes: number[] = []
  onOpen(): void {
    this.opened++
  }
  onBytes(bytes: Uint8Array, length = bytes.length): void {
    this.bytes.push(...bytes.subarray(0, length))
  }
  onClose(): void {
    this.closed++
  }
}

let pipes: RingPipes
let relay: PipeRelay
let hands: HandPipe[]
let port: number

function build(slots = 16): void {
  const memory = {
    toCore: sharedRing(slots),
    toRelay: sharedRing(slots),
    gone: new Float64Array(new SharedArrayBuffer(8)),
  }
  hands = []
  port = 4_000
  pipes = new RingPipes(memory, sharedBell())
  relay = new PipeRelay(
    (asked, events) => {
      const hand = new HandPipe(asked, events)
      hands.push(hand)
      return hand
    },
    memory,
    sharedBell(),
  )
}

function open(): { pipe: Pipe; heard: Heard } {
  const heard = new Heard()
  const pipe = pipes.opener(() => port)(heard)
  settle()
  return { pipe, heard }
}

function settle(): void {
  for (let quiet = 0; quiet < 2; ) quiet = pipes.work() + relay.work() === 0 ? quiet + 1 : 0
}

function some(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (first + at) & 0xff)
}

beforeEach(() => build())

test('opens where it is told, hears that it is open, and carries bytes both ways', () => {
  port = 4_711
  const { pipe, heard } = open()
  const [hand] = hands
  expect([hand.port, heard.opened]).toEqual([4_711, 0])
  hand.events.onOpen()
  pipe.send(some(3))
  hand.events.onBytes(some(500, 7))
  settle()
  expect([heard.opened, hand.sent, heard.bytes]).toEqual([1, [...some(3)], [...some(500, 7)]])
})

test('write copies the first bytes of a buffer that is used again', () => {
  const { pipe } = open()
  const buffer = some(100)
  for (let at = 0; at < 60; at++) pipe.write!(buffer, 50)
  buffer.fill(0)
  settle()
  expect(hands[0].sent).toEqual(Array.from({ length: 60 }, () => [...some(50)]).flat())
})

test('unsent is what the socket has not got rid of, wherever it is', () => {
  const { pipe } = open()
  pipe.send(some(10_000))
  expect(pipe.unsentBytes).toBe(10_000)
  settle()
  expect(pipe.unsentBytes).toBe(0)
  hands[0].unsentBytes = 700
  relay.work()
  expect(pipe.unsentBytes).toBe(700)
  hands[0].close()
  settle()
  expect(pipe.unsentBytes).toBe(0)
})

test('closed by either side: heard once', () => {
  const first = open()
  first.pipe.close()
  settle()
  expect([hands[0].isClosed, first.heard.closed]).toEqual([true, 1])
  const second = open()
  hands[1].close()
  settle()
  second.pipe.close()
  settle()
  expect([first.heard.closed, second.heard.closed, hands[1].isClosed]).toEqual([1, 1, true])
})

test('a new connection hears nothing of the old one and says nothing on it', () => {
  const old = open()
  hands[0].events.onBytes(some(5))
  const young = open()
  old.pipe.send(some(9))
  hands[0].events.onBytes(some(6))
  settle()
  expect([old.heard.bytes, young.heard.bytes, hands[1].sent]).toEqual([[], [], []])
  expect([hands[0].isClosed, young.heard.closed]).toEqual([true, 0])
})

test('a core that does not keep up: the socket is not read until it does, and nothing is lost', () => {
  const { heard } = open()
  const [hand] = hands
  hand.events.onBytes(some(100_000))
  expect(hand.isPaused).toBe(true)
  settle()
  expect([hand.isPaused, heard.bytes.length]).toEqual([false, 100_000])
  expect(heard.bytes).toEqual([...some(100_000)])
})

test('any pieces in any turns over any rings: the same streams', () => {
  const step = fc.record({ what: fc.constantFrom('in', 'out', 'core', 'relay'), length: fc.nat(1_500) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(5), (steps, power) => {
      build(2 ** power)
      const { pipe, heard } = open()
      const [hand] = hands
      const [sent, brought]: [number[], number[]] = [[], []]
      for (const { what, length } of steps) {
        if (what === 'core') pipes.work()
        else if (what === 'relay') relay.work()
        else if (what === 'out') {
          pipe.write!(some(length + 3, sent.length), length)
          sent.push(...some(length, sent.length))
        } else if (!hand.isPaused) {
          hand.events.onBytes(some(length, brought.length))
          brought.push(...some(length, brought.length))
        }
      }
      settle()
      expect(hand.sent).toEqual(sent)
      expect(heard.bytes).toEqual(brought)
      expect(pipe.unsentBytes).toBe(0)
    }),
    { numRuns: 150 },
  )
})
