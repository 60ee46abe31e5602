/** Deribit's words as tests write them, and what is heard of them as lines. */
import type { OrderNews } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { answered } from '../native/scripted-venue.ts'
import { DERIBIT_LISTED } from './deribit-world.ts'

export const NOW = 1_700_000_000_000
export const CLIENT_ID = 's00010000001001'
export const PERPETUAL = {
  ...DERIBIT_LISTED,
  name: 'ETH_USDC-PERPETUAL',
  symbol: 'ETH/USDC:USDC',
  base: 'ETH',
  quote: 'USDC',
}

export function row(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    order_id: 'BTC_USDT-77',
    label: CLIENT_ID,
    instrument_name: 'BTC_USDT',
    direction: 'buy',
    order_state: 'open',
    time_in_force: 'good_til_cancelled',
    price: 1000.05,
    amount: 1.5,
    filled_amount: 0,
    creation_timestamp: NOW,
    last_update_timestamp: NOW,
    ...change,
  }
}

export function trade(number: number, quantity: number): Record<string, unknown> {
  return {
    trade_id: `BTC_USDT-${number}`,
    trade_seq: number,
    order_id: 'BTC_USDT-77',
    label: CLIENT_ID,
    instrument_name: 'BTC_USDT',
    price: 1000,
    amount: quantity,
    fee: 1e-7,
    fee_currency: 'BTC',
    liquidity: 'T',
    timestamp: NOW,
  }
}

/** News as lines. */
export function listener(): { news: OrderNews; lines: string[] } {
  const lines: string[] = []
  const news: OrderNews = {
    onAccepted: ({ clientId, venueId }) => lines.push(`accepted ${clientId} ${venueId}`),
    onFill: (fill) =>
      lines.push(
        `fill ${fill.executionId} ${fill.quantity}@${fill.price} fee ${fill.fee} ${fill.feeAsset} ${fill.isMaker}`,
      ),
    onEnded: ({ clientId }, how, reason, filled) =>
      lines.push(`${how} ${clientId} ${rejectReasonNames[reason]} ${filled}`),
    onStatus: ({ clientId, isOpen, filled }) => lines.push(`status ${clientId} ${isOpen} ${filled}`),
    onReplaced: ({ venueId }, price, quantity) => lines.push(`replaced ${venueId} ${quantity}@${price}`),
    onBalance: (asset, free) => lines.push(`balance ${asset} ${free}`),
  }
  return { news, lines }
}

export const result = (value: unknown) => answered(200, { jsonrpc: '2.0', id: 1, result: value })
export const refused = (code: number, data?: object) =>
  answered(400, { jsonrpc: '2.0', error: { code, message: 'x', ...(data && { data }) } })
