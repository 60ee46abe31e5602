/**
 * One side of a measurement, as a thread or as a process: opens its ring, then does what each message says and answers.
 * A side of its own keeps its compiled code to one kind of ring.
 */
import { fileURLToPath } from 'node:url'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { RingReader, RingWriter } from '../../../hotpath/memory/ring.ts'
import { type SharedLayout, ZeroCopyEngine } from '../../../hotpath/memory/zero-copy-engine.ts'
import { type RingVariant, VariantRing } from './ring-variant.ts'

export type PeerRole = 'send' | 'receive' | 'ping' | 'echo' | 'post' | 'count'

/** Plain data, and a port for the two that measure MessagePort. */
export interface PeerTask {
  readonly role: PeerRole
  readonly layout: SharedLayout
  /** Slots a publish. */
  readonly batch: number
  /** Absent: the ring of hotpath/memory. */
  readonly variant?: RingVariant
  readonly port?: MessagePort
}

/** Seconds from the first message to the last, or sorted round trips. */
export interface PeerAnswer {
  readonly seconds?: number
  readonly roundTripNs?: { readonly p50: number; readonly p99: number; readonly p999: number }
}

export const PAYLOAD_DOUBLES = 8
/** Slots taken before they are given back, whatever the writer's batch. */
const TAKE_MAX = 64
const PING_WARM_UP = 5_000
/** Looks in vain (some 30 us of them) before the core is given away: on a busy machine the other side may have none. */
const SPINS = 2_000
const SLEEP_MS = 0.05

/** Spins as long as the other side runs; no pause between looks, so that nothing but the ring is measured. */
class Patience {
  readonly #word = new Int32Array(new SharedArrayBuffer(4))
  #vain = 0

  wait(): void {
    if (++this.#vain < SPINS) return
    this.#vain = 0
    Atomics.wait(this.#word, 0, 0, SLEEP_MS)
  }

  reset(): void {
    this.#vain = 0
  }
}

const patience = new Patience()

interface Sender {
  readonly doubles: Float64Array
  claim(): number
  publish(): void
}

interface Receiver {
  readonly doubles: Float64Array
  poll(): number
  release(): void
}

function send(ring: Sender, messages: number, batch: number): void {
  const { doubles } = ring
  for (let sent = 0; sent < messages; ) {
    const slot = ring.claim()
    if (slot === -1) {
      ring.publish()
      patience.wait()
      continue
    }
    patience.reset()
    const at = slot >> 3
    for (let i = 0; i < PAYLOAD_DOUBLES; i++) doubles[at + i] = sent + i
    if (++sent % batch === 0) ring.publish()
  }
  ring.publish()
}

function receive(ring: Receiver, messages: number): number {
  const { doubles } = ring
  let startMs = 0
  let wrong = 0
  for (let received = 0; received < messages; ) {
    let count = 0
    for (; count < TAKE_MAX; count++) {
      const slot = ring.poll()
      if (slot === -1) break
      const at = slot >> 3
      for (let i = 0; i < PAYLOAD_DOUBLES; i++) if (doubles[at + i] !== received + count + i) wrong++
    }
    if (count === 0) {
      patience.wait()
      continue
    }
    patience.reset()
    if (received === 0) startMs = performance.now()
    ring.release()
    received += count
  }
  if (wrong > 0) throw new Error('a message arrived other than it was sent')
  return (performance.now() - startMs) / 1_000
}

function pollUntil(ring: Receiver): number {
  for (;;) {
    const slot = ring.poll()
    if (slot !== -1) {
      patience.reset()
      return slot
    }
    patience.wait()
  }
}

/** Round trips, one at a time; each contains one reading of the clock. */
function ping(out: Sender, back: Receiver, count: number): PeerAnswer {
  const ns = new Float64Array(count)
  for (let i = -PING_WARM_UP; i < count; i++) {
    const fromMs = performance.now()
    const slot = out.claim() >> 3
    for (let word = 0; word < PAYLOAD_DOUBLES; word++) out.doubles[slot + word] = i + word
    out.publish()
    const answer = pollUntil(back)
    const value = back.doubles[(answer >> 3) + PAYLOAD_DOUBLES - 1]
    back.release()
    const toMs = performance.now()
    if (value !== i + PAYLOAD_DOUBLES - 1) throw new Error('an answer to another question')
    if (i >= 0) ns[i] = (toMs - fromMs) * 1e6
  }
  ns.sort()
  const at = (share: number): number => ns[Math.floor(share * (count - 1))]
  return { roundTripNs: { p50: at(0.5), p99: at(0.99), p999: at(0.999) } }
}

function echo(back: Receiver, out: Sender, count: number): void {
  for (let i = -PING_WARM_UP; i < count; i++) {
    const from = pollUntil(back) >> 3
    const to = out.claim() >> 3
    for (let word = 0; word < PAYLOAD_DOUBLES; word++) out.doubles[to + word] = back.doubles[from + word]
    out.publish()
    back.release()
  }
}

function post(port: MessagePort, messages: number): void {
  for (let sent = 0; sent < messages; sent++) port.postMessage(new Float64Array(PAYLOAD_DOUBLES).fill(sent))
}

function count(port: MessagePort, messages: number): Promise<number> {
  return new Promise((done) => {
    let received = 0
    let startMs = 0
    port.removeAllListeners('message')
    port.on('message', () => {
      if (received++ === 0) startMs = performance.now()
      if (received === messages) done((performance.now() - startMs) / 1_000)
    })
  })
}

/** What this side does with so many messages; opened once, so that the ring goes on where it was. */
function open({
  role,
  layout,
  batch,
  variant,
  port,
}: PeerTask): (messages: number) => PeerAnswer | Promise<PeerAnswer> {
  const engine = ZeroCopyEngine.attach(layout)
  const out = engine.bytes('out')
  const back = engine.bytes('back')
  const silent = (act: (messages: number) => void) => (messages: number) => {
    act(messages)
    return {}
  }
  if (role === 'send') {
    const ring = variant === undefined ? new RingWriter(out) : new VariantRing(out, variant)
    return silent((messages) => send(ring, messages, batch))
  }
  if (role === 'receive') {
    const ring = variant === undefined ? new RingReader(out) : new VariantRing(out, variant)
    return (messages) => ({ seconds: receive(ring, messages) })
  }
  if (role === 'ping') {
    const [writer, reader] = [new RingWriter(out), new RingReader(back)]
    return (messages) => ping(writer, reader, messages)
  }
  if (role === 'echo') {
    const [reader, writer] = [new RingReader(out), new RingWriter(back)]
    return silent((messages) => echo(reader, writer, messages))
  }
  if (port === undefined) throw new Error('a port is measured with a port')
  return role === 'post'
    ? silent((messages) => post(port, messages))
    : async (messages) => ({ seconds: await count(port, messages) })
}

// Whoever imports the module for its types has a parent too, and another one.
if (parentPort !== null && (workerData as Partial<PeerTask> | null)?.role !== undefined) {
  const port = parentPort
  const act = open(workerData as PeerTask)
  port.on('message', async (messages: number) => port.postMessage(await act(messages)))
  port.postMessage('ready')
} else if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  let act: ReturnType<typeof open> | undefined
  process.on('message', async (message) => {
    if (act !== undefined) process.send?.(await act(message as number))
    else {
      act = open(message as PeerTask)
      process.send?.('ready')
    }
  })
}
