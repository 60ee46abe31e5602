/**
 * The main thread's end of a gateway on another thread: owns the real transport and carries what happens on its sockets
 * into one ring and what is to be sent out of the other. Knows nothing of what the messages say.
 *
 * Nothing is lost silently. What finds no room in the ring waits here up to a bound; beyond it the client whose message
 * came is closed and knows by that. A message that the transport refuses to buffer ends its connection with the code of a slow reader.
 */
import type { Duty } from '../../shared/duty.ts'
import { GATEWAY_MESSAGE_BYTES_MAX } from '../../shared/limits.ts'
import { type MonoNs, NS_PER_S } from '../../shared/units/time.ts'
import type { Doorbell } from '../memory/doorbell.ts'
import { MessageReader, MessageWriter } from '../memory/message-ring.ts'
import { encoder, RELAY_ROWS, RelayKind, textOf } from './relay-message.ts'
import type { RelayMemory } from './ring-transport.ts'
import {
  type HttpAnswer,
  SendResult,
  type Socket,
  type SocketAddress,
  type SocketEvents,
  type SocketTransport,
} from './socket-transport.ts'

const MIB = 1_048_576
/** Of one client, what may wait for the core; and of all of them, before those that have something waiting are sent away. */
const CLIENT_WAITING_BYTES_MAX = MIB
const WAITING_BYTES_MAX = 64 * MIB
/** The longest text the core sends: every order of an account that may have a hundred thousand open. */
const MESSAGE_BYTES_MAX = 256 * MIB
const TURN_MESSAGES_MAX = 4_096
const QUESTIONS_MAX = 64
const ANSWER_NS_MAX = NS_PER_S
/** RFC 6455's "try again later", and the gateway's own word for a client that leaves too much unread. */
const TRY_LATER = 1013
const SLOW_READER = 4008

const silence: HttpAnswer = { status: 503, body: JSON.stringify({ status: 'the core does not answer' }) }

/** A question that was answered for the core keeps its number until the core has answered too. */
interface Question {
  readonly untilNs: number
  answer: ((page: HttpAnswer | undefined) => void) | undefined
}

export class TransportRelay implements SocketEvents, Duty {
  readonly name = 'transport-relay'
  readonly #transport: SocketTransport
  readonly #reader: MessageReader
  readonly #writer: MessageWriter
  readonly #buffered: Float64Array
  readonly #bell: Doorbell
  readonly #onEvent: () => void
  readonly #sockets: (Socket | undefined)[] = new Array<Socket | undefined>(RELAY_ROWS).fill(undefined)
  readonly #free: number[] = []
  /** Rows that have something buffered. */
  readonly #behind = new Set<number>()
  readonly #questions = new Map<number, Question>()
  #lastQuestion = 0
  /** Messages for one socket that go out in one write. */
  readonly #batch: (string | Uint8Array)[] = []
  #batchRow = -1
  readonly #nowNs = new Float64Array(1)

  /** `bell` wakes the core's thread; `onEvent` is called when something was put into its ring: an answer may follow. */
  constructor(transport: SocketTransport, memory: RelayMemory, bell: Doorbell, onEvent: () => void) {
    this.#transport = transport
    this.#reader = new MessageReader(memory.toRelay, MIB, MESSAGE_BYTES_MAX)
    this.#writer = new MessageWriter(memory.toCore, RELAY_ROWS)
    this.#buffered = memory.buffered
    this.#bell = bell
    this.#onEvent = onEvent
    for (let row = RELAY_ROWS - 1; row >= 0; row--) this.#free.push(row)
  }

  /** Sends what has come from the core; answers how much was done. */
  work(nowNs: MonoNs): number {
    this.#nowNs[0] = nowNs
    let done = this.#writer.flush()
    const reader = this.#reader
    for (let count = 0; count < TURN_MESSAGES_MAX && reader.next(); count++) {
      this.#handle(reader)
      done++
    }
    this.#sendBatch()
    if (reader.release()) done++
    if (done > 0) this.#bell.ring()
    for (const row of this.#behind) this.#look(row)
    for (const question of this.#questions.values()) if (nowNs > question.untilNs) answer(question, silence)
    return done
  }

  onOpen(socket: Socket): void {
    const row = this.#free.pop()
    if (row === undefined) {
      socket.session = -1
      socket.close(TRY_LATER, 'too many connections')
      return
    }
    socket.session = row
    this.#sockets[row] = socket
    this.#say(RelayKind.open, row)
  }

  onMessage(socket: Socket, buffer: ArrayBuffer, offset: number, length: number, isBinary: boolean): void {
    const row = socket.session
    if (row < 0) return
    if (this.#isTooMuch(row)) {
      socket.close(TRY_LATER, 'the core does not keep up')
      return
    }
    // The core answers a message that is too long by its length alone.
    const bytes = new Uint8Array(buffer, offset, Math.min(length, GATEWAY_MESSAGE_BYTES_MAX + 1))
    this.#say(isBinary ? RelayKind.binary : RelayKind.text, row, bytes)
  }

  onClose(socket: Socket): void {
    const row = socket.session
    if (row < 0) return
    this.#sockets[row] = undefined
    this.#behind.delete(row)
    this.#buffered[row] = 0
    this.#say(RelayKind.closed, row)
  }

  onHttpGet(): undefined {
    return undefined
  }

  onHttpAsk(path: string): Promise<HttpAnswer | undefined> {
    const bytes = encoder.encode(path)
    if (bytes.length > GATEWAY_MESSAGE_BYTES_MAX) return Promise.resolve(undefined)
    if (this.#questions.size >= QUESTIONS_MAX) return Promise.resolve(silence)
    const number = this.#nextQuestion()
    return new Promise((answer) => {
      this.#questions.set(number, { untilNs: this.#nowNs[0] + ANSWER_NS_MAX, answer })
      this.#say(RelayKind.get, number, bytes)
    })
  }

  /** A socket of uWebSockets.js cannot be told to wait, so this is the only way to slow a client down. */
  #isTooMuch(row: number): boolean {
    const own = this.#writer.waitingBytes(row)
    return own > CLIENT_WAITING_BYTES_MAX || (own > 0 && this.#writer.waitingBytesAll > WAITING_BYTES_MAX)
  }

  #nextQuestion(): number {
    do this.#lastQuestion = (this.#lastQuestion + 1) % RELAY_ROWS
    while (this.#questions.has(this.#lastQuestion))
    return this.#lastQuestion
  }

  #say(kind: number, channel: number, bytes?: Uint8Array): void {
    this.#writer.send(kind, channel, bytes)
    this.#bell.ring()
    this.#onEvent()
  }

  #handle({ kind, channel, bytes, length }: MessageReader): void {
    if (this.#batchRow !== channel || (kind !== RelayKind.text && kind !== RelayKind.binary)) this.#sendBatch()
    switch (kind) {
      case RelayKind.text:
        this.#add(channel, textOf(bytes, 0, length))
        return
      case RelayKind.binary:
        this.#add(channel, bytes.slice(0, length))
        return
      case RelayKind.close:
        this.#sockets[channel]?.close(bytes[0] + bytes[1] * 256, textOf(bytes, 2, length - 2))
        return
      case RelayKind.forgotten:
        this.#free.push(channel)
        return
      case RelayKind.page:
        answer(this.#questions.get(channel), JSON.parse(textOf(bytes, 0, length)) as HttpAnswer | null)
        this.#questions.delete(channel)
        return
      case RelayKind.listen:
        void this.#listen(JSON.parse(textOf(bytes, 0, length)) as SocketAddress)
        return
      default:
        void this.#transport.close().then(() => this.#say(RelayKind.shut, 0))
    }
  }

  async #listen(address: SocketAddress): Promise<void> {
    try {
      const port = await this.#transport.listen(address, this)
      this.#say(RelayKind.listening, 0, encoder.encode(`${port}`))
    } catch (error) {
      this.#say(RelayKind.refused, 0, encoder.encode((error as Error).message))
    }
  }

  #add(row: number, message: string | Uint8Array): void {
    this.#batchRow = row
    this.#batch.push(message)
  }

  #sendBatch(): void {
    const batch = this.#batch
    if (batch.length === 0) return
    const socket = this.#sockets[this.#batchRow]
    if (socket !== undefined) {
      const result = batch.length === 1 ? socket.send(batch[0]) : socket.sendAll(batch)
      this.#judge(this.#batchRow, socket, result)
    }
    batch.length = 0
  }

  #judge(row: number, socket: Socket, result: SendResult): void {
    if (result === SendResult.sent) return
    if (result === SendResult.dropped && socket.isOpen) socket.close(SLOW_READER, 'too much left unread')
    this.#behind.add(row)
    this.#look(row)
  }

  /** Tells the core how much this client has left unread. */
  #look(row: number): void {
    const bytes = this.#sockets[row]?.bufferedBytes ?? 0
    this.#buffered[row] = bytes
    if (bytes === 0) this.#behind.delete(row)
  }
}

function answer(question: Question | undefined, page: HttpAnswer | null): void {
  question?.answer?.(page ?? undefined)
  if (question !== undefined) question.answer = undefined
}
