/** What a refusal asks of whoever goes on asking: to be quiet for a while, or to look at the clock again. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { QueryOutcome } from './order-dialect.ts'
import type { Held, RequestDesk } from './request-desk.ts'
import type { VenueTime } from './venue-time.ts'

/** `what`: what is held when it was one request too many. */
export function heedRefusal(outcome: QueryOutcome | undefined, desk: RequestDesk, time: VenueTime, what: Held): void {
  if (outcome?.kind !== 'refused') return
  if (outcome.reason === RejectReason.outsideReceiveWindow) time.doubt(desk.nowNs())
  else if (outcome.reason === RejectReason.rateLimited) desk.hold(what)
}
