/** OKX's refusals in our words (API v5, "Error Code"). What is not in these tables is not known to be a refusal: the order is asked about. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import {
  compareDecimals,
  isWords,
  listOf,
  member,
  parseWords,
  textOf,
  type Words,
  wordsOf,
} from '../native/json-words.ts'
import type { Outcome, VenueOrder } from '../native/order-dialect.ts'

const DONE: Outcome = { kind: 'done' }
export const SUCCESS = '0'
const TOO_MANY = 429
const NO_SUCH_ORDER = '51603'
const BAD_PARAMETER = '51000'
const BELOW_MINIMUM = '51020'

/**
 * Codes that say it all. Left out on purpose: 50001, 50004, 50013, 50026 (unavailable, timed out, busy, system error) and
 * 51149 (order timed out): none of them says that the order is not there.
 */
const reasonByCode: Readonly<Record<string, RejectReason>> = {
  '50011': RejectReason.rateLimited,
  '50061': RejectReason.rateLimited,
  '50102': RejectReason.outsideReceiveWindow,
  '50112': RejectReason.outsideReceiveWindow,
  '51001': RejectReason.unknownSymbol,
  '51004': RejectReason.maxQuantity,
  '51005': RejectReason.maxQuantity,
  '51006': RejectReason.priceFilter,
  '51008': RejectReason.insufficientBalance,
  '51011': RejectReason.duplicateClientOrderId,
  '51016': RejectReason.duplicateClientOrderId,
  '51019': RejectReason.postOnlyWouldTake,
  '51021': RejectReason.venueDown,
  '51022': RejectReason.venueDown,
  '51025': RejectReason.tooManyOpenOrders,
  '51031': RejectReason.priceFilter,
  '51100': RejectReason.minQuantity,
  '51101': RejectReason.maxQuantity,
  '51102': RejectReason.tooManyOpenOrders,
  '51103': RejectReason.tooManyOpenOrders,
  '51116': RejectReason.priceFilter,
  '51118': RejectReason.minNotional,
  '51119': RejectReason.insufficientBalance,
  '51120': RejectReason.minQuantity,
  '51121': RejectReason.lotSize,
  '51122': RejectReason.priceFilter,
  '51127': RejectReason.insufficientBalance,
  '51131': RejectReason.insufficientBalance,
  '51135': RejectReason.priceFilter,
  '51136': RejectReason.priceFilter,
  '51137': RejectReason.priceFilter,
  '51138': RejectReason.priceFilter,
  '51174': RejectReason.tooManyOpenOrders,
  '51185': RejectReason.maxQuantity,
  '51203': RejectReason.maxQuantity,
  '51400': RejectReason.unknownOrder,
  '51401': RejectReason.unknownOrder,
  '51402': RejectReason.unknownOrder,
  '51502': RejectReason.insufficientBalance,
  '51503': RejectReason.unknownOrder,
  '51509': RejectReason.unknownOrder,
  '51510': RejectReason.unknownOrder,
  // Refused for certain, for reasons that no word of ours names: keys, accounts, malformed or unsupported parameters.
  '50000': RejectReason.unknown,
  '50002': RejectReason.unknown,
  '50006': RejectReason.unknown,
  '50007': RejectReason.unknown,
  '50009': RejectReason.unknown,
  '50014': RejectReason.unknown,
  '50015': RejectReason.unknown,
  '50016': RejectReason.unknown,
  '50024': RejectReason.unknown,
  '50025': RejectReason.unknown,
  '50027': RejectReason.unknown,
  '50030': RejectReason.unknown,
  '50100': RejectReason.unknown,
  '50101': RejectReason.unknown,
  '50103': RejectReason.unknown,
  '50104': RejectReason.unknown,
  '50105': RejectReason.unknown,
  '50106': RejectReason.unknown,
  '50107': RejectReason.unknown,
  '50110': RejectReason.unknown,
  '50111': RejectReason.unknown,
  '50113': RejectReason.unknown,
  '50114': RejectReason.unknown,
  '50115': RejectReason.unknown,
  '50120': RejectReason.unknown,
  '51003': RejectReason.unknown,
  '51009': RejectReason.unknown,
  '51010': RejectReason.unknown,
  '51015': RejectReason.unknown,
  '51024': RejectReason.unknown,
  '51155': RejectReason.unknown,
  '51204': RejectReason.unknown,
  '51500': RejectReason.unknown,
}

/** How an answer is to be taken. `order`: what was asked, where one was. */
export function outcomeOf(answer: VenueAnswer, order?: VenueOrder): Outcome {
  const body = parseWords(answer.body)
  if (!isWords(body)) {
    if (answer.status === TOO_MANY) return { kind: 'refused', reason: RejectReason.rateLimited }
    return { kind: 'unknown', why: `HTTP ${answer.status}` }
  }
  const row = wordsOf(listOf(member(body, 'data'))[0])
  return rowOutcome(textOf(row, 'sCode') === '' ? body : row, order)
}

/** Of one row of a batch (sCode, sMsg), or of an answer without rows (code, msg). */
export function rowOutcome(row: Words, order?: VenueOrder): Outcome {
  const hasRowCode = textOf(row, 'sCode') !== ''
  const code = textOf(row, hasRowCode ? 'sCode' : 'code')
  const message = textOf(row, hasRowCode ? 'sMsg' : 'msg')
  if (code === SUCCESS) return DONE
  if (code === NO_SUCH_ORDER) return { kind: 'notFound' }
  if (code === BAD_PARAMETER) return { kind: 'refused', reason: parameterReason(message) }
  if (code === BELOW_MINIMUM) return { kind: 'refused', reason: minimumReason(order) }
  const reason = Object.hasOwn(reasonByCode, code) ? reasonByCode[code] : undefined
  return reason === undefined ? { kind: 'unknown', why: `code ${code}` } : { kind: 'refused', reason }
}

/** 'Parameter px error': which one it is, the message says. */
function parameterReason(message: string): RejectReason {
  const [, name = ''] = /^Parameter (\w+)/.exec(message) ?? []
  if (name === 'px' || name === 'newPx') return RejectReason.priceFilter
  return name === 'sz' || name === 'newSz' ? RejectReason.lotSize : RejectReason.unknown
}

/** One code for too few and too little: which of them, the order tells. */
function minimumReason(order: VenueOrder | undefined): RejectReason {
  if (order === undefined || order.symbol.quantityMin === '') return RejectReason.minQuantity
  const isEnough = compareDecimals(order.quantity, order.symbol.quantityMin) >= 0
  return isEnough ? RejectReason.minNotional : RejectReason.minQuantity
}
