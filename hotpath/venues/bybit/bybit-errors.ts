/** Bybit's refusals in our words (API v5, "Error Codes"). What is not in this table is not known to be a refusal: the order is asked about. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import { isWords, parseWords, textOf } from '../native/json-words.ts'
import type { Outcome } from '../native/order-dialect.ts'

const DONE: Outcome = { kind: 'done' }
export const SUCCESS = '0'
/** The address is blocked for a while, or the system protects itself: nothing was read. */
const UNREAD_STATUSES: readonly number[] = [403, 429]

/**
 * Codes that say it all. Left out on purpose: 10000, 10016, 10019, 170001, 170007, 170032, 170035, 170146, 170147, 170149,
 * 170150, 170191, 170234 and 110079 (timed out, restarting, failed inside, still at it): none says that the order is not there.
 */
const reasonByCode: Readonly<Record<string, RejectReason>> = {
  '10002': RejectReason.outsideReceiveWindow,
  '10006': RejectReason.rateLimited,
  '10018': RejectReason.rateLimited,
  '10429': RejectReason.rateLimited,
  '110001': RejectReason.unknownOrder,
  '110003': RejectReason.priceFilter,
  '110004': RejectReason.insufficientBalance,
  '110007': RejectReason.insufficientBalance,
  '110008': RejectReason.unknownOrder,
  '110010': RejectReason.unknownOrder,
  '110012': RejectReason.insufficientBalance,
  '110072': RejectReason.duplicateClientOrderId,
  '110094': RejectReason.minNotional,
  '170005': RejectReason.rateLimited,
  '170033': RejectReason.insufficientBalance,
  '170034': RejectReason.insufficientBalance,
  '170121': RejectReason.unknownSymbol,
  '170124': RejectReason.maxQuantity,
  '170131': RejectReason.insufficientBalance,
  '170132': RejectReason.priceFilter,
  '170133': RejectReason.priceFilter,
  '170134': RejectReason.priceFilter,
  '170135': RejectReason.maxQuantity,
  '170136': RejectReason.minQuantity,
  '170137': RejectReason.lotSize,
  '170139': RejectReason.unknownOrder,
  '170140': RejectReason.minNotional,
  '170141': RejectReason.duplicateClientOrderId,
  '170142': RejectReason.unknownOrder,
  '170143': RejectReason.unknownOrder,
  '170148': RejectReason.lotSize,
  '170151': RejectReason.venueDown,
  '170190': RejectReason.unknownOrder,
  '170192': RejectReason.priceFilter,
  '170193': RejectReason.priceFilter,
  '170194': RejectReason.priceFilter,
  '170213': RejectReason.unknownOrder,
  '170218': RejectReason.postOnlyWouldTake,
  '170222': RejectReason.rateLimited,
  '170371': RejectReason.priceFilter,
  '170372': RejectReason.priceFilter,
  '170810': RejectReason.tooManyOpenOrders,
  // Refused for certain, for reasons that no word of ours names: keys, accounts, malformed or unsupported parameters.
  '10001': RejectReason.unknown,
  '10003': RejectReason.unknown,
  '10004': RejectReason.unknown,
  '10005': RejectReason.unknown,
  '10007': RejectReason.unknown,
  '10008': RejectReason.unknown,
  '10009': RejectReason.unknown,
  '10010': RejectReason.unknown,
  '10017': RejectReason.unknown,
  '10020': RejectReason.unknown,
  '10024': RejectReason.unknown,
  '10027': RejectReason.unknown,
  '10028': RejectReason.unknown,
  '10029': RejectReason.unknown,
  '33004': RejectReason.unknown,
  '170031': RejectReason.unknown,
  '170105': RejectReason.unknown,
  '170115': RejectReason.unknown,
  '170116': RejectReason.unknown,
  '170117': RejectReason.unknown,
  '170130': RejectReason.unknown,
  '170157': RejectReason.unknown,
  '170201': RejectReason.unknown,
  '170202': RejectReason.unknown,
  '170209': RejectReason.unknown,
  '170210': RejectReason.unknown,
  '170217': RejectReason.unknown,
  '170224': RejectReason.unknown,
  '170227': RejectReason.unknown,
  '170241': RejectReason.unknown,
}

/** How an answer is to be taken. */
export function outcomeOf(answer: VenueAnswer): Outcome {
  const body = parseWords(answer.body)
  const code = isWords(body) ? textOf(body, 'retCode') : ''
  if (code === SUCCESS && answer.status < 300) return DONE
  const reason = Object.hasOwn(reasonByCode, code) ? reasonByCode[code] : undefined
  if (reason !== undefined) return { kind: 'refused', reason }
  if (code === '' && UNREAD_STATUSES.includes(answer.status)) {
    return { kind: 'refused', reason: RejectReason.rateLimited }
  }
  return { kind: 'unknown', why: code === '' ? `HTTP ${answer.status}` : `code ${code}` }
}
