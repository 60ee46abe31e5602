/**
 * The memory between the main thread and the core's thread: four rings, two doorbells, what one tells the other. Laid out
 * once, sealed, opened by both.
 *
 *   main thread ─ gateway.in ▶ core ─ gateway.out ▶ main thread     clients
 *   main thread ─ venues.in  ▶ core ─ venues.out  ▶ main thread     the venues' socket
 */

import { RELAY_ROWS } from '../gateway/relay-message.ts'
import type { RelayMemory } from '../gateway/ring-transport.ts'
import { Doorbell } from '../memory/doorbell.ts'
import { formatRing, ringBytes } from '../memory/ring.ts'
import { type SharedLayout, ZeroCopyEngine } from '../memory/zero-copy-engine.ts'
import type { PipeMemory } from '../venues/paper/ring-pipe.ts'

/** An order frame (112 bytes), a report (192) or a child with its head fits one slot. */
const SLOT_BYTES = 256
/** Outgoing rings hold what the core says in some 100 ms while the main thread collects garbage. */
const rings = {
  'gateway.in': { slots: 4_096, writer: 'main' },
  'gateway.out': { slots: 16_384, writer: 'core' },
  'venues.in': { slots: 8_192, writer: 'main' },
  'venues.out': { slots: 8_192, writer: 'core' },
} as const

/** What the core's thread tells of itself, once a second. */
export const Gauge = {
  turns: 0,
  /** Garbage collections of the thread since it serves, and how long they took. */
  collections: 1,
  collectedMs: 2,
  heapBytes: 3,
  sleeps: 4,
  count: 5,
} as const

export interface CoreMemory {
  readonly gateway: RelayMemory
  readonly venues: PipeMemory
  /** Wakes the core's thread, and the main thread. */
  readonly coreBell: Doorbell
  readonly mainBell: Doorbell
  /** Not 0: the core is to stop. Written by the main thread. */
  readonly stop: Int32Array
  /** By Gauge. Written by the core's thread. */
  readonly gauges: Float64Array
}

/** Takes and formats the memory; the other thread opens its layout. */
export function layCoreMemory(): SharedLayout {
  const engine = new ZeroCopyEngine('threads')
  for (const [name, { slots, writer }] of Object.entries(rings)) {
    engine.claim(name, ringBytes({ slots, slotBytes: SLOT_BYTES }), writer)
  }
  engine.claim('gateway.buffered', RELAY_ROWS * 8, 'main')
  engine.claim('venues.gone', 8, 'main')
  engine.claim('core.bell', 4, 'both')
  engine.claim('main.bell', 4, 'both')
  engine.claim('core.stop', 4, 'main')
  engine.claim('core.gauges', Gauge.count * 8, 'core')
  engine.seal()
  for (const [name, { slots }] of Object.entries(rings)) {
    formatRing(engine.bytes(name), { slots, slotBytes: SLOT_BYTES })
  }
  return engine.layout()
}

export function openCoreMemory(layout: SharedLayout): CoreMemory {
  const engine = ZeroCopyEngine.attach(layout)
  const doubles = (name: string): Float64Array => {
    const { buffer, byteOffset, length } = engine.bytes(name)
    return new Float64Array(buffer, byteOffset, length / 8)
  }
  const word = (name: string): Int32Array => {
    const { buffer, byteOffset } = engine.bytes(name)
    return new Int32Array(buffer, byteOffset, 1)
  }
  return {
    gateway: {
      toCore: engine.bytes('gateway.in'),
      toRelay: engine.bytes('gateway.out'),
      buffered: doubles('gateway.buffered'),
    },
    venues: { toCore: engine.bytes('venues.in'), toRelay: engine.bytes('venues.out'), gone: doubles('venues.gone') },
    coreBell: new Doorbell(word('core.bell')),
    mainBell: new Doorbell(word('main.bell')),
    stop: word('core.stop'),
    gauges: doubles('core.gauges'),
  }
}
