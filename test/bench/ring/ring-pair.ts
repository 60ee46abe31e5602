/** Two sides of a ring in threads or processes of their own, told what to do round after round. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { SHARED_MEMORY_DIRECTORY } from '../../../hotpath/memory/mapped-region.ts'
import { formatRing, ringBytes } from '../../../hotpath/memory/ring.ts'
import { type SharedBetween, ZeroCopyEngine } from '../../../hotpath/memory/zero-copy-engine.ts'
import { PAYLOAD_DOUBLES, type PeerAnswer, type PeerRole, type PeerTask } from './ring-peer.ts'
import { type RingVariant, variantBytes } from './ring-variant.ts'

const ENTRY = new URL('./ring-peer.ts', import.meta.url)
const SLOTS = 4_096
const shape = { slots: SLOTS, slotBytes: PAYLOAD_DOUBLES * 8 } as const

interface Peer {
  readonly emitter: NodeJS.EventEmitter
  tell(message: unknown): void
  stop(): void
}

export class RingPair {
  readonly #engine: ZeroCopyEngine
  readonly #peers: readonly Peer[]

  private constructor(engine: ZeroCopyEngine, peers: readonly Peer[]) {
    this.#engine = engine
    this.#peers = peers
  }

  /** The first role answers nothing, or both do; the last one's answer counts. */
  static async open(
    between: SharedBetween,
    roles: readonly [PeerRole, PeerRole],
    options: { readonly batch?: number; readonly variant?: RingVariant } = {},
  ): Promise<RingPair> {
    const { batch = 1, variant } = options
    const path = join(SHARED_MEMORY_DIRECTORY, `sor-ring-bench-${process.pid}`)
    const engine = between === 'threads' ? new ZeroCopyEngine('threads') : new ZeroCopyEngine('processes', path)
    engine.claim('out', variant === undefined ? ringBytes(shape) : variantBytes(variant), 'first')
    engine.claim('back', ringBytes(shape), 'second')
    engine.seal()
    if (variant === undefined) formatRing(engine.bytes('out'), shape)
    formatRing(engine.bytes('back'), shape)
    const ports = roles[0] === 'post' ? Object.values(new MessageChannel()) : []
    const peers = roles.map((role, side) => {
      const task = { role, layout: engine.layout(), batch, ...(variant !== undefined && { variant }) }
      if (between === 'processes') return startProcess(task)
      return startThread(ports.length === 0 ? task : { ...task, port: ports[side] })
    })
    await Promise.all(peers.map(({ emitter }) => once(emitter, 'message')))
    return new RingPair(engine, peers)
  }

  /** One round; rejects when a side breaks. */
  async round(messages: number): Promise<PeerAnswer> {
    const answers = Promise.all(this.#peers.map(({ emitter }) => firstMessage(emitter)))
    // The reading side first: it is there when the other begins.
    for (const peer of this.#peers.toReversed()) peer.tell(messages)
    return (await answers)[1]
  }

  close(): void {
    for (const peer of this.#peers) peer.stop()
    this.#engine.close({ isOwner: true })
  }
}

async function firstMessage(emitter: NodeJS.EventEmitter): Promise<PeerAnswer> {
  const ending = new AbortController()
  const { signal } = ending
  try {
    const ended = once(emitter, 'exit', { signal }).then(() => {
      throw new Error('a side of the ring ended')
    })
    const [answer] = await Promise.race([once(emitter, 'message', { signal }), ended])
    return answer as PeerAnswer
  } finally {
    ending.abort()
  }
}

function startThread(task: PeerTask): Peer {
  const worker = new Worker(ENTRY, { workerData: task, transferList: task.port === undefined ? [] : [task.port] })
  return { emitter: worker, tell: (message) => worker.postMessage(message), stop: () => void worker.terminate() }
}

function startProcess(task: PeerTask): Peer {
  const child = fork(fileURLToPath(ENTRY), { execArgv: [] })
  child.send(task)
  return {
    emitter: child,
    tell: (message) => void child.send(message as number),
    stop: () => void child.kill('SIGKILL'),
  }
}
