/** The live view as lines: consolidated book with venues, open orders, last fills. Pure: state in, lines out. */
import { type BookUpdate, type ExecutionReport, isEndedStatus, type TradePrint } from '../client/order-types.ts'
import { formatBps, formatPrice } from '../tca/figures.ts'
import { renderTable, type TextColumn, type TextStyle, withoutControls } from '../tca/text-table.ts'
import { renderOrders, renderReportLine } from './report-line.ts'

const FILLS_KEPT = 8
const TRADES_KEPT = 8
const ORDERS_SHOWN = 10

export class WatchBoard {
  readonly symbol: string
  /** Of the router: the market and whether it is simulated. */
  readonly #title: string
  #book: BookUpdate | undefined
  readonly #orders = new Map<string, ExecutionReport>()
  #fills: ExecutionReport[] = []
  #trades: TradePrint[] = []
  #state = 'connected'

  constructor(symbol: string, title: string) {
    this.symbol = symbol
    this.#title = title
  }

  onBook(book: BookUpdate): void {
    if (book.symbol === this.symbol) this.#book = book
  }

  onTrade(trade: TradePrint): void {
    if (trade.symbol === this.symbol) this.#trades = [trade, ...this.#trades].slice(0, TRADES_KEPT)
  }

  /** Open orders are kept until they end; bounded by what the router lets one key have open. */
  onReport(report: ExecutionReport): void {
    if (isEndedStatus(report.ordStatus)) this.#orders.delete(report.orderId)
    else this.#orders.set(report.orderId, report)
    if (report.execType === 'trade') this.#fills = [report, ...this.#fills].slice(0, FILLS_KEPT)
  }

  /** Of the connection: a view that is not live says so. */
  onState(state: string): void {
    this.#state = state
  }

  /** At most `height` lines of at most `width`. */
  render(style: TextStyle, width: number, height: number): string[] {
    const below = [...this.#ordersLines(style), '', ...this.#newsLines(style)]
    const head = [
      `${style.bold(this.symbol)}  ${this.#spreadText()}  ${style.dim(this.#title)}`,
      this.#stateLine(style),
    ]
    const levels = Math.max(3, height - head.length - below.length - 3)
    const lines = [...head, ...this.#bookLines(style, levels), '', ...below, style.dim('q or Ctrl-C quits')]
    return lines.slice(0, height).map((line) => cutLine(line, width))
  }

  #stateLine(style: TextStyle): string {
    return this.#state === 'connected' ? '' : style.bad(`not live: ${this.#state}`)
  }

  /** The book in one line, for logs. */
  bookLine(): string {
    const bid = this.#book?.bids[0]
    const ask = this.#book?.asks[0]
    const side = (level: BookUpdate['bids'][number] | undefined): string =>
      level === undefined ? 'empty' : `${level[1]} @ ${level[0]} ${withoutControls(level[2])}`
    return `book ${this.symbol}  bid ${side(bid)}  ask ${side(ask)}  ${this.#spreadText()}`
  }

  #spreadText(): string {
    const bid = Number(this.#book?.bids[0]?.[0])
    const ask = Number(this.#book?.asks[0]?.[0])
    if (!(bid > 0 && ask > 0)) return 'one-sided'
    const mid = (bid + ask) / 2
    const spread = `spread ${formatBps(((ask - bid) / mid) * 10_000)} bps${ask < bid ? ', crossed before fees' : ''}`
    return `mid ${formatPrice(mid)}  ${spread}  ${this.#book?.venuesLive ?? 0} venues live`
  }

  #bookLines(style: TextStyle, levels: number): string[] {
    const { bids = [], asks = [] } = this.#book ?? {}
    const rows: string[][] = []
    for (let at = 0; at < Math.min(levels, Math.max(bids.length, asks.length)); at++) {
      const [bid, ask] = [bids[at], asks[at]]
      rows.push([
        withoutControls(bid?.[2] ?? ''),
        bid?.[1] ?? '',
        style.good(bid?.[0] ?? ''),
        style.bad(ask?.[0] ?? ''),
        ask?.[1] ?? '',
        withoutControls(ask?.[2] ?? ''),
      ])
    }
    return renderTable(bookColumns, rows, style)
  }

  #ordersLines(style: TextStyle): string[] {
    const open = [...this.#orders.values()]
    if (open.length === 0) return [style.dim('no open orders')]
    const more = open.length > ORDERS_SHOWN ? [style.dim(`and ${open.length - ORDERS_SHOWN} more open orders`)] : []
    return [...renderOrders(open.slice(-ORDERS_SHOWN), style), ...more]
  }

  #newsLines(style: TextStyle): string[] {
    const fills = this.#fills.map(
      (fill) => `${fill.side} ${withoutControls(fill.symbol)} ${renderReportLine(fill, style)}`,
    )
    const trades = this.#trades.map(
      (trade) => `${trade.side} ${trade.quantity} @ ${trade.price} ${withoutControls(trade.venue)}`,
    )
    return [
      style.dim('our last fills'),
      ...(fills.length === 0 ? ['none yet'] : fills),
      style.dim('last public trades'),
      ...(trades.length === 0 ? ['none yet'] : trades),
    ]
  }
}

const bookColumns: readonly TextColumn[] = [
  { head: 'venue', align: 'left' },
  { head: 'quantity', align: 'right' },
  { head: 'bid', align: 'right' },
  { head: 'ask', align: 'left' },
  { head: 'quantity', align: 'left' },
  { head: 'venue', align: 'left' },
]

const ESCAPE = String.fromCharCode(27)

/** Cuts what would wrap; paint is kept whole and put out at the end. */
export function cutLine(line: string, width: number): string {
  const parts = line.split(new RegExp(`(${ESCAPE}\\[[0-9;]*m)`))
  let left = width
  let text = ''
  for (const part of parts) {
    if (part.startsWith(ESCAPE)) text += part
    else {
      text += part.slice(0, left)
      left = Math.max(0, left - part.length)
    }
  }
  return text
}
