/** Binary orders from a raw client: one at a time with its round trip timed, or many in flight. */
import { createHmac } from 'node:crypto'
import { DenyReason, denyReasonNames } from '../../../shared/domain/deny-reason.ts'
import { ExecType } from '../../../shared/domain/execution-report.ts'
import { OrderType, Side, TimeInForce } from '../../../shared/domain/order.ts'
import {
  beginOrderFrame,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  writeClientId,
} from '../../../shared/wire/order-frame.ts'
import { REPORT_FRAME_BYTES, ReportField, ReportKind } from '../../../shared/wire/report-frame.ts'
import { writeInt64 } from '../../../shared/wire/wide-integer.ts'
import { maskedFrame, Opcode, RawClient } from './raw-client.ts'

export interface RouterDoor {
  readonly port: number
  readonly apiKey: string
  readonly secret: string
}

const ID_DIGITS = 12
const HEAD_BYTES = 6
const MASK_AT = HEAD_BYTES - 4

export class OrderFlow {
  readonly #client: RawClient
  readonly #frame: Buffer
  #sent = 0
  #acknowledged = 0
  #onAcknowledged: () => void = () => {}
  #fail: (error: Error) => void = () => {}

  private constructor(client: RawClient, frame: Buffer) {
    this.#client = client
    this.#frame = frame
    client.onMessage = (opcode, payload) => this.#read(opcode, payload)
    client.socket.on('close', () => this.#fail(new Error('the router closed the connection')))
  }

  /** Market orders of `lots` of instrument 0: they end by themselves and leave no order open. */
  static async open(door: RouterDoor, lots: number): Promise<OrderFlow> {
    const client = await RawClient.connect(door.port, '/v1/orders')
    const [timestamp, nonce] = [Date.now(), Date.now() * 1_000 + Math.floor(Math.random() * 1_000)]
    const text = `logon\n${door.apiKey}\n${timestamp}\n${nonce}`
    const signature = createHmac('sha256', door.secret).update(text).digest('hex')
    const { apiKey } = door
    const answer = await client.ask({ op: 'logon', apiKey, timestamp, nonce, signature, reports: 'binary' })
    if (answer['type'] !== 'logon') throw new Error(`the router refused the logon: ${String(answer['reason'])}`)
    return new OrderFlow(client, orderTemplate(lots))
  }

  close(): void {
    this.#client.close()
  }

  /** Round trips in microseconds, one order in flight: from the write to the first report. */
  async measureRoundTrips(count: number): Promise<Float64Array> {
    const trips = new Float64Array(count)
    let startMs = 0
    let at = 0
    await this.#run((done) => {
      this.#onAcknowledged = () => {
        trips[at++] = (performance.now() - startMs) * 1_000
        if (at === count) done()
        else sendNext()
      }
      const sendNext = (): void => {
        startMs = performance.now()
        this.#client.socket.write(this.#nextFrame(Buffer.from(this.#frame), 0))
      }
      sendNext()
    })
    return trips
  }

  /** Orders a second with `window` in flight, sent a quarter of it at a time. */
  async measureThroughput(count: number, window: number): Promise<number> {
    const chunk = window / 4
    const startSent = this.#sent
    const startAcknowledged = this.#acknowledged
    const startMs = performance.now()
    await this.#run((done) => {
      const fill = (): void => {
        while (this.#sent - this.#acknowledged <= window - chunk && this.#sent - startSent < count)
          this.#sendChunk(chunk)
      }
      this.#onAcknowledged = () => {
        if (this.#acknowledged - startAcknowledged >= count) done()
        else if (this.#sent - this.#acknowledged <= window - chunk) fill()
      }
      fill()
    })
    return (count / (performance.now() - startMs)) * 1_000
  }

  #run(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#fail = reject
      start(resolve)
    })
  }

  #sendChunk(count: number): void {
    const chunk = Buffer.allocUnsafe(this.#frame.length * count)
    for (let i = 0; i < count; i++) {
      this.#frame.copy(chunk, i * this.#frame.length)
      this.#nextFrame(chunk, i * this.#frame.length)
    }
    this.#client.socket.write(chunk)
  }

  /** Puts the next number into the client order id of the frame at `at`, under its mask. */
  #nextFrame(bytes: Buffer, at: number): Buffer {
    let left = ++this.#sent
    for (let digit = ID_DIGITS - 1; digit >= 0; digit--) {
      const offset = OrderField.clientId + digit
      bytes[at + HEAD_BYTES + offset] = (48 + (left % 10)) ^ bytes[at + MASK_AT + (offset & 3)]
      left = Math.floor(left / 10)
    }
    return bytes
  }

  #read(opcode: Opcode, payload: Buffer): void {
    if (opcode !== Opcode.binary || payload.length !== REPORT_FRAME_BYTES) return
    const kind = payload[ReportField.kind]
    if (kind === ReportKind.denied) {
      const reason = payload[ReportField.denied] as DenyReason
      this.#fail(new Error(`an order of the bench was denied: ${denyReasonNames[reason] ?? DenyReason.none}`))
      return
    }
    if (payload[ReportField.execType] !== ExecType.new) return
    this.#acknowledged++
    this.#onAcknowledged()
  }
}

function orderTemplate(lots: number): Buffer {
  const bytes = new Uint8Array(ORDER_FRAME_BYTES)
  const view = new DataView(bytes.buffer)
  beginOrderFrame(view, FrameKind.new, 1)
  view.setUint8(OrderField.side, Side.buy)
  view.setUint8(OrderField.type, OrderType.market)
  view.setUint8(OrderField.timeInForce, TimeInForce.ioc)
  writeInt64(view, OrderField.lots, lots)
  for (const field of ['venuesLow', 'venuesHigh', 'slippageCentiBps', 'feeCentiBps'] as const)
    view.setInt32(OrderField[field], -1, true)
  // A run of its own, then digits: the router must not know any of these ids.
  const run = Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
  writeClientId(view, OrderField.clientId, OrderField.clientIdLength, `${'0'.repeat(ID_DIGITS)}-${run}`)
  return maskedFrame(Opcode.binary, bytes)
}
