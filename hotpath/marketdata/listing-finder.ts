/**
 * Asks venues for their instrument lists over HTTP, again and again until they answer: nothing can be traded or even
 * written down before its grid is known. One line per venue and trouble, said when it changes.
 */
import type { Prng } from '../../shared/prng.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S } from '../../shared/units/time.ts'
import { Delivery, type HttpDoor, type VenueAnswer, type VenueRequest } from '../venues/door/venue-doors.ts'
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import type { VenueSymbol } from '../venues/native/order-dialect.ts'

const ANSWER_MS_MAX = 20_000
const RETRY_FIRST_NS = 500 * NS_PER_MS
const RETRY_LAST_NS = 30 * NS_PER_S

interface Search {
  readonly venue: FeedVenue
  readonly found: VenueSymbol[]
  symbols: readonly VenueSymbol[] | undefined
  trouble: string
  failures: number
  dueNs: number
  waitNs: number
  isAsked: boolean
}

export class ListingFinder {
  readonly #searches: readonly Search[]
  readonly #http: HttpDoor
  readonly #chance: Prng
  readonly #readdress: (venue: FeedVenue, url: string) => string
  readonly #say: (line: string) => void
  readonly #tap: ((venue: FeedVenue, url: string, body: string) => void) | undefined

  constructor(
    venues: readonly FeedVenue[],
    parts: {
      http: HttpDoor
      chance: Prng
      readdress?: (venue: FeedVenue, url: string) => string
      say: (line: string) => void
      tap?: (venue: FeedVenue, url: string, body: string) => void
    },
  ) {
    this.#http = parts.http
    this.#chance = parts.chance
    this.#readdress = parts.readdress ?? ((_venue, url) => url)
    this.#say = parts.say
    this.#tap = parts.tap
    this.#searches = venues.map((venue) => ({
      venue,
      found: [],
      symbols: undefined,
      trouble: '',
      failures: 0,
      dueNs: 0,
      waitNs: 0,
      isAsked: false,
    }))
  }

  /** Venues that answered, with everything they trade. */
  get answered(): readonly { venue: FeedVenue; symbols: readonly VenueSymbol[] }[] {
    return this.#searches.flatMap(({ venue, symbols }) => (symbols === undefined ? [] : [{ venue, symbols }]))
  }

  /** Venues that have not, why, and how often they were asked in vain. */
  get missing(): readonly { venue: FeedVenue; trouble: string; failures: number }[] {
    return this.#searches.filter(({ symbols }) => symbols === undefined)
  }

  work(nowNs: MonoNs): number {
    let done = 0
    for (const search of this.#searches) {
      if (search.symbols !== undefined || search.isAsked || nowNs < search.dueNs) continue
      this.#ask(search, nowNs)
      done++
    }
    return done
  }

  #ask(search: Search, nowNs: MonoNs): void {
    const { venue } = search
    const urls = venue.listingUrls()
    search.isAsked = true
    search.found.length = 0
    search.waitNs = Math.min(RETRY_LAST_NS, search.waitNs === 0 ? RETRY_FIRST_NS : search.waitNs * 2)
    search.dueNs = nowNs + Math.round(search.waitNs * (0.5 + this.#chance.nextFloat() / 2))
    let left = urls.length
    let trouble = ''
    for (const url of urls) {
      const request = listingRequest(this.#readdress(venue, url), venue.listingBody?.(url))
      this.#http.send(request, (answer) => {
        trouble = this.#read(search, url, answer) || trouble
        left--
        if (left === 0) this.#conclude(search, trouble)
      })
    }
  }

  /** What is wrong with the answer, or ''. `url`: the venue's own address, whoever answered for it. */
  #read(search: Search, url: string, answer: VenueAnswer): string {
    if (answer.delivery !== Delivery.answered) return answer.body
    if (answer.status !== 200) return `HTTP ${answer.status}`
    const symbols = search.venue.readListings(url, answer.body)
    if (symbols === undefined) return 'its instrument list cannot be read'
    this.#tap?.(search.venue, url, answer.body)
    search.found.push(...symbols)
    return ''
  }

  #conclude(search: Search, trouble: string): void {
    search.isAsked = false
    if (search.found.length > 0) {
      search.symbols = search.found
      search.trouble = ''
      return
    }
    search.failures++
    const line = trouble === '' ? 'it lists nothing' : trouble
    if (line !== search.trouble) this.#say(`${search.venue.id}: no instruments yet: ${line}; trying again`)
    search.trouble = line
  }
}

/** Most venues list by GET; some want to be asked by POST, with a body. */
function listingRequest(url: string, body: string | undefined): VenueRequest {
  const timeoutMs = ANSWER_MS_MAX
  if (body === undefined) return { method: 'GET', url, headers: {}, body: '', timeoutMs }
  return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body, timeoutMs }
}
