/** One line for each piece of news of an order, and a table of orders. */
import { type ExecutionReport, isEndedStatus } from '../client/order-types.ts'
import { renderTable, type TextColumn, type TextStyle, withoutControls } from '../tca/text-table.ts'

/** 'fill  0.8 @ 64123.4 on binance, taker, fee 5.13 USDT  (1.3 of 2.5)'. */
export function renderReportLine(report: ExecutionReport, style: TextStyle): string {
  const progress = style.dim(`(${report.cumQty} of ${report.quantity})`)
  if (report.execType === 'trade') {
    const fee = report.fee === undefined ? '' : `, fee ${report.fee} ${withoutControls(report.feeAsset ?? '')}`
    const liquidity = report.lastLiquidity === undefined ? '' : `, ${report.lastLiquidity}`
    const venue = withoutControls(report.lastVenue ?? 'a venue')
    return `${style.good('fill')}  ${report.lastQty} @ ${report.lastPx} on ${venue}${liquidity}${fee}  ${progress}`
  }
  const reason = report.reason === undefined ? '' : `: ${withoutControls(report.reason)}`
  if (report.execType === 'new') return `accepted as order ${report.orderId}${durable(report)}`
  const word = report.execType === 'orderStatus' ? report.ordStatus : report.execType
  return `${isEndedStatus(report.ordStatus) ? style.bold(word) : word}${reason}  ${progress}`
}

/** Which safety was reached; the ordinary one is not worth a word. */
function durable(report: ExecutionReport): string {
  return report.durability === 'machine' ? ', on disk' : ''
}

const columns: readonly TextColumn[] = [
  { head: 'order', align: 'right' },
  { head: 'client id', align: 'left' },
  { head: 'side', align: 'left' },
  { head: 'symbol', align: 'left' },
  { head: 'type', align: 'left' },
  { head: 'price', align: 'right' },
  { head: 'quantity', align: 'right' },
  { head: 'filled', align: 'right' },
  { head: 'average', align: 'right' },
  { head: 'status', align: 'left' },
]

export function renderOrders(orders: readonly ExecutionReport[], style: TextStyle): string[] {
  const rows = orders.map((order) => [
    order.orderId,
    withoutControls(order.clientOrderId),
    order.side,
    withoutControls(order.symbol),
    `${order.ordType} ${order.timeInForce}`,
    order.price ?? '-',
    sizeOf(order),
    order.cumQty,
    order.avgPx ?? '-',
    order.reason === undefined ? order.ordStatus : `${order.ordStatus}: ${withoutControls(order.reason)}`,
  ])
  return renderTable(columns, rows, style)
}

/** What was asked, in the asset it was asked in. */
function sizeOf(order: ExecutionReport): string {
  if (order.quoteQuantity === undefined) return order.quantity
  return `${order.quoteQuantity} ${withoutControls(order.symbol.slice(order.symbol.indexOf('/') + 1))}`
}
