/**
 * The main thread's end of the pipes of another thread: opens the real ones and carries their bytes over two rings. When the
 * core does not keep up, its socket is not read until it has; nothing is dropped while the connection lives.
 */
import type { Duty } from '../../../shared/duty.ts'
import type { Doorbell } from '../../memory/doorbell.ts'
import { MessageReader, MessageWriter } from '../../memory/message-ring.ts'
import type { Pipe, PipeEvents } from './pipe.ts'
import { PIECE_BYTES_MAX, PipeKind, type PipeMemory } from './ring-pipe.ts'

const MIB = 1_048_576
const TURN_MESSAGES_MAX = 1_024
/** What the core writes in one turn. */
const WRITE_BYTES_MAX = 8 * MIB

/** A pipe that can be told to wait. */
export interface RelayedPipe extends Pipe {
  pause(): void
  resume(): void
}

export class PipeRelay implements Duty {
  readonly name = 'pipe-relay'
  readonly #open: (port: number, events: PipeEvents) => RelayedPipe
  readonly #reader: MessageReader
  readonly #writer: MessageWriter
  readonly #gone: Float64Array
  readonly #bell: Doorbell
  readonly #taken = new Float64Array(1)
  #pipe: RelayedPipe | undefined
  #connection = 0
  #isPaused = false

  /** `bell` wakes the core's thread. */
  constructor(open: (port: number, events: PipeEvents) => RelayedPipe, memory: PipeMemory, bell: Doorbell) {
    this.#open = open
    this.#reader = new MessageReader(memory.toRelay, MIB, WRITE_BYTES_MAX)
    this.#writer = new MessageWriter(memory.toCore)
    this.#gone = memory.gone
    this.#bell = bell
  }

  /** Answers how much was done. */
  work(): number {
    let done = this.#writer.flush()
    if (this.#isPaused && !this.#writer.isWaiting) this.#resume()
    const reader = this.#reader
    for (let count = 0; count < TURN_MESSAGES_MAX && reader.next(); count++) {
      this.#handle(reader)
      done++
    }
    if (reader.release()) done++
    if (done > 0) this.#bell.ring()
    this.#gone[0] = this.#taken[0] - (this.#pipe?.unsentBytes ?? 0)
    return done
  }

  /** The core's thread is gone. */
  close(): void {
    this.#pipe?.close()
  }

  #handle({ kind, channel, bytes, length }: MessageReader): void {
    if (kind === PipeKind.open) this.#openPipe(channel, new DataView(bytes.buffer).getUint32(0, true))
    else if (kind === PipeKind.close) {
      if (channel === this.#connection) this.#pipe?.close()
    } else {
      this.#taken[0] += length
      if (channel === this.#connection) this.#pipe?.send(bytes.slice(0, length))
    }
  }

  #openPipe(connection: number, port: number): void {
    this.#pipe?.close()
    this.#connection = connection
    this.#isPaused = false
    this.#pipe = this.#open(port, {
      onOpen: () => this.#say(PipeKind.opened, connection),
      onBytes: (bytes, length = bytes.length) => this.#bring(connection, bytes, length),
      onClose: () => {
        if (connection === this.#connection) this.#pipe = undefined
        this.#say(PipeKind.closed, connection)
      },
    })
  }

  #bring(connection: number, bytes: Uint8Array, length: number): void {
    for (let at = 0; at < length; at += PIECE_BYTES_MAX) {
      this.#writer.send(PipeKind.bytes, connection, bytes, at, Math.min(PIECE_BYTES_MAX, length - at))
    }
    this.#bell.ring()
    if (!this.#writer.isWaiting || this.#isPaused || connection !== this.#connection) return
    this.#isPaused = true
    this.#pipe?.pause()
  }

  #resume(): void {
    this.#isPaused = false
    this.#pipe?.resume()
  }

  #say(kind: number, connection: number): void {
    this.#writer.send(kind, connection)
    this.#bell.ring()
  }
}
