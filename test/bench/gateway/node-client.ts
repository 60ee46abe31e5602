/** The client of the gateway's benches without a compiler: a plain socket, frames made once, answers only counted. */
import { ExecType } from '../../../shared/domain/execution-report.ts'
import { OrderField } from '../../../shared/wire/order-frame.ts'
import { REPORT_FRAME_BYTES, ReportField, ReportKind } from '../../../shared/wire/report-frame.ts'
import type { ServerDoor } from './bench-server.ts'
import { ID_DIGITS, marketOrderFrame } from './market-order.ts'
import { logonFrame, type OrderClient, type Spread } from './order-client.ts'
import { maskedFrame, Opcode, RawClient } from './raw-client.ts'

const MASKED_HEAD_BYTES = 6
const MASK_AT = 2
/** A report's own WebSocket head: 126 and a length of 16 bits. */
const HEAD_BYTES = 4
const REPORT_BYTES = HEAD_BYTES + REPORT_FRAME_BYTES

export class NodeClient implements OrderClient {
  readonly name = 'Node client on a plain socket'
  readonly #lots: number

  constructor(lots: number) {
    this.#lots = lots
  }

  async trips(door: ServerDoor, count: number): Promise<Spread> {
    const line = await OrderLine.open(door, this.#lots, 1)
    const warm = Math.floor(count / 5)
    const trips = new Float64Array(count)
    for (let i = 0; i < warm + count; i++) {
      const startMs = performance.now()
      await line.sendAndAwait(1, i + 1)
      if (i >= warm) trips[i - warm] = (performance.now() - startMs) * 1_000
    }
    line.close()
    trips.sort()
    const at = (share: number) => trips[Math.floor(share * count)]
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
  }

  async flood(door: ServerDoor, count: number, window: number): Promise<number> {
    const chunk = window / 4
    const line = await OrderLine.open(door, this.#lots, chunk)
    const warm = Math.floor(count / 5 / chunk) * chunk
    let startMs = 0
    for (let sent = 0; sent < warm + count; sent += chunk) {
      if (sent === warm) startMs = performance.now()
      await line.sendAndAwait(chunk, sent + 2 * chunk - window)
    }
    const perSecond = (count / (performance.now() - startMs)) * 1_000
    line.close()
    return perSecond
  }

  close(): void {}
}

class OrderLine {
  readonly #client: RawClient
  readonly #frames: Buffer
  readonly #frameBytes: number
  #sent = 0
  #acknowledged = 0
  #wanted = 0
  #done: () => void = () => {}
  #fail: (error: Error) => void = () => {}
  #rest: Buffer = Buffer.alloc(0)

  private constructor(client: RawClient, lots: number, chunk: number) {
    const frame = maskedFrame(Opcode.binary, marketOrderFrame(lots))
    this.#client = client
    this.#frameBytes = frame.length
    this.#frames = Buffer.concat(Array.from({ length: chunk }, () => frame))
    client.socket.removeAllListeners('data')
    client.socket.on('data', (bytes: Buffer) => this.#read(bytes))
    client.socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  static async open(door: ServerDoor, lots: number, chunk: number): Promise<OrderLine> {
    const client = await RawClient.connect(door.port, door.path)
    const logon = logonFrame(door)
    if (logon !== undefined) {
      const answered = new Promise<void>((resolve) => {
        client.onMessage = () => resolve()
      })
      client.socket.write(logon)
      await answered
    }
    return new OrderLine(client, lots, chunk)
  }

  /** Sends the next `count` orders; resolves once so many of all are acknowledged. */
  sendAndAwait(count: number, acknowledged: number): Promise<void> {
    for (let i = 0; i < count; i++) this.#number(i * this.#frameBytes, ++this.#sent)
    // The stream may keep what it is given: the next chunk must not be written over it.
    this.#client.socket.write(Buffer.from(this.#frames.subarray(0, count * this.#frameBytes)))
    if (this.#acknowledged >= acknowledged) return Promise.resolve()
    this.#wanted = acknowledged
    return new Promise((resolve, reject) => {
      this.#done = resolve
      this.#fail = reject
    })
  }

  close(): void {
    this.#fail = () => {}
    this.#client.close()
  }

  #number(at: number, id: number): void {
    let left = id
    for (let digit = ID_DIGITS - 1; digit >= 0; digit--) {
      const offset = OrderField.clientId + digit
      this.#frames[at + MASKED_HEAD_BYTES + offset] = (48 + (left % 10)) ^ this.#frames[at + MASK_AT + (offset & 3)]
      left = Math.floor(left / 10)
    }
  }

  #read(bytes: Buffer): void {
    const data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    let at = 0
    while (data.length - at >= 2) {
      const size = data[at + 1] === 126 ? REPORT_BYTES : 2 + data[at + 1]
      if (data.length - at < size) break
      if (size === REPORT_BYTES) this.#count(data, at + HEAD_BYTES)
      at += size
    }
    this.#rest = data.subarray(at)
    if (this.#wanted === 0 || this.#acknowledged < this.#wanted) return
    this.#wanted = 0
    this.#done()
  }

  #count(data: Buffer, at: number): void {
    if (data[at + ReportField.kind] === ReportKind.denied) this.#fail(new Error('an order of the bench was denied'))
    if (data[at + ReportField.kind] !== ReportKind.executionReport) return
    if (data[at + ReportField.execType] === ExecType.new) this.#acknowledged++
  }
}
