/**
 * What goes out to clients. Inside a session's own handler a message is sent at once (the transport corks it);
 * everything else waits for the end of the turn and leaves in one write per session. A client that does not read is
 * marked here and sent away by the gateway afterwards: never in the middle of a call of the core.
 */
import { GATEWAY_BACKPRESSURE_BYTES_MAX } from '../../shared/limits.ts'
import { REPORT_FRAME_BYTES } from '../../shared/wire/report-frame.ts'
import type { Session } from './session-table.ts'
import { SendResult } from './socket-transport.ts'

/** Room on top for each order a key may have open, so that a snapshot or a mass cancel of all of them always fits. */
const BYTES_PER_OPEN_ORDER = 1_024
/** Above this, books are left out and prints are counted instead of sent. */
const CONFLATE_BYTES = GATEWAY_BACKPRESSURE_BYTES_MAX / 4

/** Frames kept to be used again. */
const SPARE_MAX = 4_096

/** Bytes a session may leave unread. */
export function bufferedBytesMax(openOrdersMax: number): number {
  return GATEWAY_BACKPRESSURE_BYTES_MAX + openOrdersMax * BYTES_PER_OPEN_ORDER
}

export class Outbox {
  readonly #waiting: Session[] = []
  readonly #spare: Uint8Array[] = []
  #current: Session | undefined
  /** Sessions that must be ended, filled by `send` and `flush`, emptied by the gateway. */
  readonly slow: Session[] = []

  /** A handler of this session begins; what waits for it goes first. */
  enter(session: Session): void {
    this.#current = session
    if (session.pending.length > 0) this.#flushOne(session)
  }

  leave(): void {
    this.#current = undefined
  }

  /** The session whose message is being handled. */
  get current(): Session | undefined {
    return this.#current
  }

  /** Bytes are copied if they must wait. */
  send(session: Session, message: string | Uint8Array): void {
    if (session.isSlow) return
    const isNow = session === this.#current || session.socket.sendsAnyTime === true
    if (isNow && session.pending.length === 0) {
      this.#judge(session, session.socket.send(message))
      return
    }
    if (session.pending.length === 0) this.#waiting.push(session)
    session.pending.push(typeof message === 'string' ? message : this.#copy(message))
  }

  /** Does this session read too slowly for what can be left out? */
  isBehind(session: Session): boolean {
    return session.isSlow || session.socket.bufferedBytes > CONFLATE_BYTES
  }

  /** Everything that waits; answers how many sessions were written to. */
  flush(): number {
    const count = this.#waiting.length
    if (count === 0) return 0
    for (const session of this.#waiting) if (session.pending.length > 0) this.#flushOne(session)
    this.#waiting.length = 0
    return count
  }

  #flushOne(session: Session): void {
    const { pending } = session
    const result = session.socket.sendAll(pending)
    for (let i = 0; i < pending.length && this.#spare.length < SPARE_MAX; i++) this.#reuse(pending[i])
    pending.length = 0
    this.#judge(session, result)
  }

  #copy(message: Uint8Array): Uint8Array {
    const spare = message.length === REPORT_FRAME_BYTES ? this.#spare.pop() : undefined
    if (spare === undefined) return message.slice()
    spare.set(message)
    return spare
  }

  /** The socket has its own copy. */
  #reuse(message: string | Uint8Array): void {
    if (typeof message !== 'string' && message.length === REPORT_FRAME_BYTES) this.#spare.push(message)
  }

  #judge(session: Session, result: SendResult): void {
    if (result === SendResult.sent || session.isSlow || !session.socket.isOpen) return
    const max = bufferedBytesMax(session.account?.openOrdersMax ?? 0)
    if (result !== SendResult.dropped && session.socket.bufferedBytes <= max) return
    session.isSlow = true
    this.slow.push(session)
  }
}
