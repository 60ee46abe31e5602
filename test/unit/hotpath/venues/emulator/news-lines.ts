/** What a dialect tells of a venue's words, as lines that a test can read. */
import type { OrderNews } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'

export function newsLines(): { news: OrderNews; lines: string[] } {
  const lines: string[] = []
  const news: OrderNews = {
    onAccepted: ({ clientId, venueId, symbolName }) => lines.push(`accepted ${clientId} ${venueId} ${symbolName}`),
    onFill: (fill) =>
      lines.push(
        `fill ${fill.clientId} ${fill.venueId} ${fill.executionId} ${fill.quantity}@${fill.price} of ${fill.symbolName}` +
          ` fee ${fill.fee} ${fill.feeAsset} ${fill.isMaker ? 'maker' : 'taker'}`,
      ),
    onEnded: ({ clientId, venueId }, how, reason, filled) =>
      lines.push(`${how} ${clientId} ${venueId} ${rejectReasonNames[reason]} ${filled}`),
    onStatus: ({ clientId, venueId, isOpen, filled, quantity, price }) =>
      lines.push(`status ${clientId} ${venueId} ${isOpen ? 'open' : 'ended'} ${filled} of ${quantity}@${price}`),
    onReplaced: ({ clientId, venueId }, price, quantity) =>
      lines.push(`replaced ${clientId} ${venueId} ${quantity}@${price}`),
    onBalance: (asset, free) => lines.push(`balance ${asset} ${free}`),
  }
  return { news, lines }
}
