/** What a dialect tells, as lines: the way tests of dialects read it. */
import type { OrderNews } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'

export function newsLines(): { news: OrderNews; lines: string[] } {
  const lines: string[] = []
  const news: OrderNews = {
    onAccepted: ({ clientId, venueId }) => lines.push(`accepted ${clientId} ${venueId}`),
    onFill: (fill) =>
      lines.push(
        `fill ${fill.executionId} ${fill.quantity}@${fill.price} fee ${fill.fee} ${fill.feeAsset} ${fill.isMaker ? 'maker' : 'taker'}`,
      ),
    onEnded: ({ clientId }, how, reason, filled) =>
      lines.push(`${how} ${clientId} ${rejectReasonNames[reason]} ${filled}`),
    onStatus: ({ clientId, isOpen, filled }) => lines.push(`status ${clientId} ${isOpen ? 'open' : 'ended'} ${filled}`),
    onReplaced: ({ venueId }, price, quantity) => lines.push(`replaced ${venueId} ${quantity}@${price}`),
    onBalance: (asset, free) => lines.push(`balance ${asset} ${free}`),
  }
  return { news, lines }
}
