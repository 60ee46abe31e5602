/**
 * A client without a network: a transport with one socket that sends binary orders at a fixed rate and times the first report
 * of each. The rate is kept by the clock: what could not be sent in time is sent late, and waits in the figures.
 */
import { createHmac } from 'node:crypto'
import {
  SendResult,
  type Socket,
  type SocketAddress,
  type SocketEvents,
  type SocketTransport,
} from '../../hotpath/gateway/socket-transport.ts'
import { Histogram } from '../../hotpath/telemetry/histogram.ts'
import { denyReasonNames } from '../../shared/domain/deny-reason.ts'
import { ExecType } from '../../shared/domain/execution-report.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Duty } from '../../shared/duty.ts'
import { type MonoNs, NS_PER_S } from '../../shared/units/time.ts'
import { ORDER_FRAME_BYTES, OrderField } from '../../shared/wire/order-frame.ts'
import { REPORT_FRAME_BYTES, ReportField, ReportKind } from '../../shared/wire/report-frame.ts'
import { marketOrderFrame, writeIdDigits } from '../bench/gateway/market-order.ts'

/** Orders whose first report may be out at once; the id of a frame is a place here. */
const OUT_MAX = 1 << 13
const GOING_AWAY = 1001
/** Of one turn. */
const BURST_MAX = 200
const Tally = { due: 0, sent: 1, first: 2, fills: 3, denied: 4, reports: 5, count: 6 } as const

/** One client, in this process. */
export class SoakTransport implements SocketTransport {
  readonly name = 'ws'
  readonly #client: SoakClient

  constructor(client: SoakClient) {
    this.#client = client
  }

  async listen(address: SocketAddress, events: SocketEvents): Promise<number> {
    this.#client.attach(events)
    return address.port
  }

  async close(): Promise<void> {
    this.#client.close()
  }
}

export class SoakClient implements Socket, Duty {
  readonly name = 'soak-client'
  session = -1
  isOpen = false
  readonly bufferedBytes = 0
  /** Order to first report, microseconds. */
  readonly latency = new Histogram(3)
  isLoggedOn = false
  /** Why, and how often. */
  readonly denials: Record<string, number> = {}
  readonly #instruments: number
  readonly #frame = marketOrderFrame(10)
  readonly #view = new DataView(this.#frame.buffer)
  readonly #sentMs = new Float64Array(OUT_MAX)
  readonly #numbers = new Float64Array(Tally.count)
  #events: SocketEvents | undefined
  #rate = 0

  constructor(instruments: number) {
    this.#instruments = instruments
  }

  get sent(): number {
    return this.#numbers[Tally.sent]
  }
  get firstReports(): number {
    return this.#numbers[Tally.first]
  }
  get fills(): number {
    return this.#numbers[Tally.fills]
  }
  get denied(): number {
    return this.#numbers[Tally.denied]
  }

  attach(events: SocketEvents): void {
    this.#events = events
  }

  logOn(apiKey: string, secret: string): void {
    this.isOpen = true
    this.#events!.onOpen(this)
    const timestamp = Date.now()
    const signature = createHmac('sha256', secret).update(`logon\n${apiKey}\n${timestamp}\n1`).digest('hex')
    const logon = { op: 'logon', apiKey, timestamp, nonce: 1, signature, reports: 'binary' }
    const bytes = new TextEncoder().encode(JSON.stringify(logon))
    this.#events!.onMessage(this, bytes.buffer, 0, bytes.length, false)
  }

  /** Orders a second from now on; 0 stops. */
  begin(rate: number, nowNs: MonoNs): void {
    this.#rate = rate
    this.#numbers[Tally.due] = nowNs
  }

  work(nowNs: MonoNs): number {
    if (this.#rate === 0) return 0
    const intervalNs = NS_PER_S / this.#rate
    let count = 0
    for (; this.#numbers[Tally.due] <= nowNs && count < BURST_MAX; count++) {
      if (this.sent - this.firstReports >= OUT_MAX) break
      this.#order()
      this.#numbers[Tally.due] += intervalNs
    }
    return count
  }

  send(message: string | Uint8Array): SendResult {
    if (typeof message !== 'string') this.#hear(message)
    else if (message.includes('"logon"') && !message.includes('denied')) this.isLoggedOn = true
    else throw new Error(`the router says ${message}`)
    return SendResult.sent
  }

  sendAll(messages: readonly (string | Uint8Array)[]): SendResult {
    for (const message of messages) this.send(message)
    return SendResult.sent
  }

  #order(): void {
    const number = this.#numbers[Tally.sent]++
    const id = (number % (OUT_MAX - 1)) + 1
    this.#view.setUint32(OrderField.id, id, true)
    this.#view.setUint16(OrderField.instrument, number % this.#instruments, true)
    this.#frame[OrderField.side] = number % 2 === 0 ? Side.buy : Side.sell
    writeIdDigits(this.#frame, OrderField.clientId, number)
    this.#sentMs[id] = performance.now()
    this.#events!.onMessage(this, this.#frame.buffer, 0, ORDER_FRAME_BYTES, true)
  }

  #hear(report: Uint8Array): void {
    if (report.length !== REPORT_FRAME_BYTES) throw new Error('a report is as long as it is')
    const id = report[ReportField.id] | (report[ReportField.id + 1] << 8)
    if (id !== 0) {
      this.#numbers[Tally.first]++
      this.latency.record((performance.now() - this.#sentMs[id]) * 1_000)
    }
    if (report[ReportField.kind] === ReportKind.denied) this.#denied(report[ReportField.denied])
    else if (report[ReportField.execType] === ExecType.trade) this.#numbers[Tally.fills]++
  }

  #denied(reason: number): void {
    this.#numbers[Tally.denied]++
    this.denials[denyReasonNames[reason]] = (this.denials[denyReasonNames[reason]] ?? 0) + 1
  }

  /** By the gateway when it stops; before that it would be a mistake of the soak or of the router. */
  close(code: number = GOING_AWAY, reason = ''): void {
    if (code !== GOING_AWAY) throw new Error(`the router ended its client: ${code} ${reason}`)
    if (!this.isOpen) return
    this.isOpen = false
    this.#events!.onClose(this)
  }
}
