/**
 * Pipes for a thread that has no sockets: bytes go over two rings to the relay on the main thread, which has the real ones.
 * A channel is the number of a connection, so that what is still under way of an older one is not heard.
 *
 *   to the relay  open connection, port u32 | bytes connection, bytes | close connection
 *   to the core   opened connection | bytes connection, bytes | closed connection
 */
import type { Duty } from '../../../shared/duty.ts'
import type { Doorbell } from '../../memory/doorbell.ts'
import { MessageReader, MessageWriter } from '../../memory/message-ring.ts'
import type { Pipe, PipeEvents, PipeOpener } from './pipe.ts'

export const PipeKind = { open: 1, bytes: 2, close: 3, opened: 4, closed: 5 } as const

const KIB = 1_024
const MIB = 1_048_576
/** One piece of a stream, as the relay reads it from its socket. */
export const PIECE_BYTES_MAX = MIB
const TURN_MESSAGES_MAX = 64

export interface PipeMemory {
  /** Rings of slots, formatted. */
  readonly toCore: Uint8Array
  readonly toRelay: Uint8Array
  /** One number: bytes of all connections that the relay has taken and its socket has got rid of. Written by the relay. */
  readonly gone: Float64Array
}

export class RingPipes implements Duty {
  readonly name = 'ring-pipes'
  readonly #reader: MessageReader
  readonly #writer: MessageWriter
  readonly #gone: Float64Array
  readonly #bell: Doorbell
  /** Bytes given to send, of all connections. */
  readonly #sent = new Float64Array(1)
  #connection = 0
  #events: PipeEvents | undefined

  /** `bell` wakes the relay's thread. */
  constructor(memory: PipeMemory, bell: Doorbell) {
    this.#reader = new MessageReader(memory.toCore, 64 * KIB, PIECE_BYTES_MAX)
    this.#writer = new MessageWriter(memory.toRelay)
    this.#gone = memory.gone
    this.#bell = bell
  }

  /** Opens connections to `port` (asked each time) of this machine. One at a time: a new one takes the place of the last. */
  opener(port: () => number): PipeOpener {
    return (events) => {
      this.#connection++
      this.#events = events
      this.#say(PipeKind.open, this.#connection, new Uint8Array(Uint32Array.of(port()).buffer))
      return new RingPipe(this, this.#connection)
    }
  }

  /** Brings what has come and sends what waited; answers how much that was. */
  work(): number {
    let done = this.#writer.flush()
    const reader = this.#reader
    for (let count = 0; count < TURN_MESSAGES_MAX && reader.next(); count++) {
      if (reader.channel === this.#connection) this.#tell(reader)
      done++
    }
    if (reader.release()) done++
    if (done > 0) this.#bell.ring()
    return done
  }

  send(connection: number, bytes: Uint8Array, length: number): void {
    if (connection !== this.#connection || this.#events === undefined) return
    this.#sent[0] += length
    this.#writer.send(PipeKind.bytes, connection, bytes, 0, length)
    this.#bell.ring()
  }

  /** Its events are not heard from now on, but for the one that it is closed. */
  close(connection: number): void {
    if (connection === this.#connection) this.#say(PipeKind.close, connection)
  }

  /** Bytes that are not gone: in the ring, waiting for it, or in the real socket. */
  get unsentBytes(): number {
    return this.#sent[0] - this.#gone[0]
  }

  #say(kind: number, connection: number, bytes?: Uint8Array): void {
    this.#writer.send(kind, connection, bytes)
    this.#bell.ring()
  }

  #tell({ kind, bytes, length }: MessageReader): void {
    const events = this.#events
    if (kind === PipeKind.bytes) events?.onBytes(bytes, length)
    else if (kind === PipeKind.opened) events?.onOpen()
    else {
      this.#events = undefined
      events?.onClose()
    }
  }
}

class RingPipe implements Pipe {
  readonly #pipes: RingPipes
  readonly #connection: number

  constructor(pipes: RingPipes, connection: number) {
    this.#pipes = pipes
    this.#connection = connection
  }

  send(bytes: Uint8Array): void {
    this.#pipes.send(this.#connection, bytes, bytes.length)
  }

  write(bytes: Uint8Array, length: number): void {
    this.#pipes.send(this.#connection, bytes, length)
  }

  close(): void {
    this.#pipes.close(this.#connection)
  }

  get unsentBytes(): number {
    return this.#pipes.unsentBytes
  }
}
