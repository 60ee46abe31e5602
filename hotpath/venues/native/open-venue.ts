/** The cold start of one venue: its clock, what it lists, and what this account pays there. Before trading, once. */
import type { Clock } from '../../../shared/clock.ts'
import { US_PER_MS } from '../../../shared/units/time.ts'
import { Delivery, type HttpDoor, type VenueAnswer, type VenueRequest } from '../door/venue-doors.ts'
import type { OrderDialect, VenueSymbol } from './order-dialect.ts'

/** Fee requests in flight at once. */
const AT_ONCE = 4

export type OpenedVenue =
  | { readonly ok: true; readonly symbols: readonly VenueSymbol[]; readonly offsetMs: number }
  | { readonly ok: false; readonly error: string }

/**
 * Time, listings and the account's fees for the wanted ccxt symbols ('BTC/USDT'; all when there are none wanted). Answers
 * why it cannot, in words without keys; never throws, never waits longer than the requests' time-outs.
 */
export async function openVenue(
  dialect: OrderDialect,
  http: HttpDoor,
  clock: Clock,
  wanted: readonly string[],
): Promise<OpenedVenue> {
  const fromUs = clock.epochUs()
  const timeAnswer = await ask(http, dialect.time())
  const middleMs = (fromUs + clock.epochUs()) / 2 / US_PER_MS
  const timeMs = read(timeAnswer, () => dialect.onTime(timeAnswer))
  if (timeMs === undefined) return refusal(dialect, 'time', timeAnswer)
  const listingAnswers = await askAll(http, dialect.listings())
  const unread = listingAnswers.find((answer) => !isSuccess(answer))
  if (unread !== undefined) return refusal(dialect, 'listings', unread)
  const listed = read(listingAnswers[0], () => dialect.onListings(listingAnswers)) ?? []
  const symbols = wanted.length === 0 ? listed : listed.filter(({ symbol }) => wanted.includes(symbol))
  if (symbols.length === 0) return { ok: false, error: `${dialect.id}: lists none of what is wanted` }
  const offsetMs = timeMs - middleMs
  if (dialect.fees === undefined || dialect.onFees === undefined) return { ok: true, symbols, offsetMs }
  const feeAnswers = await askAll(http, dialect.fees(symbols, Math.floor(clock.epochUs() / US_PER_MS + offsetMs)))
  const unpaid = feeAnswers.find((answer) => !isSuccess(answer))
  if (unpaid !== undefined) return refusal(dialect, 'fees', unpaid)
  const rates = read(feeAnswers[0], () => dialect.onFees?.(feeAnswers))
  const withFees = symbols.map((symbol) => ({ ...symbol, ...rates?.get(symbol.name) }))
  return { ok: true, symbols: withFees, offsetMs }
}

function ask(http: HttpDoor, request: VenueRequest): Promise<VenueAnswer> {
  return new Promise((resolve) => http.send(request, resolve))
}

async function askAll(http: HttpDoor, requests: readonly VenueRequest[]): Promise<readonly VenueAnswer[]> {
  const answers: VenueAnswer[] = []
  for (let at = 0; at < requests.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(requests.slice(at, at + AT_ONCE).map((request) => ask(http, request)))))
  }
  return answers
}

function isSuccess({ delivery, status }: VenueAnswer): boolean {
  return delivery === Delivery.answered && status >= 200 && status < 300
}

/** What the dialect reads; undefined of a failure and of words that make no sense. */
function read<T>(answer: VenueAnswer | undefined, look: () => T | undefined): T | undefined {
  if (answer === undefined || !isSuccess(answer)) return undefined
  try {
    return look()
  } catch {
    return undefined
  }
}

/** Says what and how, not the answer itself: a venue may echo what it was sent. */
function refusal({ id }: OrderDialect, what: string, { delivery, status, body }: VenueAnswer): OpenedVenue {
  const how = delivery === Delivery.answered ? `HTTP ${status}` : body
  return { ok: false, error: `${id}: ${what} not readable (${how})` }
}
