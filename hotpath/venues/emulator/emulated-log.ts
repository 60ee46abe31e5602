/**
 * What an emulated venue must not forget when its process dies: one JSON line per change, the last line of an order or a
 * balance wins. No I/O here: lines are handed to a LogSink, `readLines` takes all of them back. A line cut by a crash is the
 * last one and is dropped: its request was never answered.
 */
import type { Side, TimeInForce } from '../../../shared/domain/order.ts'
import type { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { SelfTrade } from '../paper/paper-options.ts'
import type { EmulatedOrder, EmulatedStatus, EmulatedTrade } from './emulated-order.ts'

/** Takes lines without the last line end; they must be safe from the death of the process when this returns. */
export type LogSink = (lines: string) => void

interface OrderLine {
  readonly kind: 'order'
  readonly id: number
  readonly account: string
  readonly symbol: string
  readonly side: Side
  readonly type: 'limit' | 'market'
  readonly clientId: string
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  readonly deadlineUs: number
  readonly askedNotional: string
  readonly words: Readonly<Record<string, string>>
  readonly priceTicks: number
  readonly lots: number
  readonly createdMs: number
  readonly updatedMs: number
  readonly status: EmulatedStatus
  readonly reason: RejectReason
}

interface TradeLine {
  readonly kind: 'trade'
  readonly id: number
  readonly order: number
  readonly priceTicks: number
  readonly lots: number
  readonly fee: string
  readonly feeAsset: string
  readonly isMaker: boolean
  readonly timeMs: number
}

interface BalanceLine {
  readonly kind: 'balance'
  readonly account: string
  /** Everything the account has, AssetUnits by asset. */
  readonly totals: Readonly<Record<string, string>>
}

export interface LoggedState {
  readonly orders: ReadonlyMap<number, OrderLine>
  readonly trades: readonly TradeLine[]
  readonly balances: ReadonlyMap<string, BalanceLine>
}

export function orderLine(order: EmulatedOrder): string {
  const { ask } = order
  const line: OrderLine = {
    kind: 'order',
    id: order.id,
    account: order.account.name,
    symbol: ask.symbol.instrument.symbol,
    side: ask.side,
    type: ask.type,
    clientId: ask.clientId,
    timeInForce: ask.timeInForce,
    postOnly: ask.postOnly,
    selfTrade: ask.selfTrade,
    deadlineUs: ask.deadlineUs,
    askedNotional: ask.notional.toString(),
    words: ask.words ?? {},
    priceTicks: order.priceTicks,
    lots: order.lots,
    createdMs: order.createdMs,
    updatedMs: order.updatedMs,
    status: order.status,
    reason: order.reason,
  }
  return JSON.stringify(line)
}

export function tradeLine(trade: EmulatedTrade, assets: readonly string[]): string {
  const line: TradeLine = {
    kind: 'trade',
    id: trade.id,
    order: trade.order.id,
    priceTicks: trade.priceTicks,
    lots: trade.lots,
    fee: trade.fee.toString(),
    feeAsset: assets[trade.feeAsset],
    isMaker: trade.isMaker,
    timeMs: trade.timeMs,
  }
  return JSON.stringify(line)
}

export function balanceLine(account: string, totals: ReadonlyMap<string, bigint>): string {
  const texts = Object.fromEntries([...totals].map(([asset, units]) => [asset, units.toString()]))
  const line: BalanceLine = { kind: 'balance', account, totals: texts }
  return JSON.stringify(line)
}

/** Throws on a line that is neither ours nor the cut last one: a state file is ours alone. */
export function readLines(lines: readonly string[]): LoggedState {
  const orders = new Map<number, OrderLine>()
  const trades: TradeLine[] = []
  const balances = new Map<string, BalanceLine>()
  for (const [at, text] of lines.entries()) {
    if (text === '') continue
    let line: OrderLine | TradeLine | BalanceLine
    try {
      line = JSON.parse(text) as OrderLine | TradeLine | BalanceLine
    } catch (error) {
      if (at >= lines.length - 2) break
      throw error
    }
    if (line.kind === 'order') orders.set(line.id, line)
    else if (line.kind === 'trade') trades.push(line)
    else balances.set(line.account, line)
  }
  return { orders, trades, balances }
}
