/**
 * Orders of which the stream says that something happened and not what: each is asked about until the venue's answer is
 * whole, later each time; what happens while it is asked about is asked about again. A new stream begins with a
 * reconciliation, so all is forgotten when the stream is gone.
 */
import { type MonoNs, NS_PER_MS } from '../../../shared/units/time.ts'
import type { NamedOrder, OrderName } from './order-dialect.ts'
import type { OrderQuestions } from './order-questions.ts'
import type { OrderTable } from './order-table.ts'

const RETRY_FIRST_NS = 100 * NS_PER_MS
const RETRY_LAST_NS = 5_000 * NS_PER_MS
/** Orders followed at once: what is beyond is left to the next reconciliation. */
const FOLLOWED_MAX = 4_096

interface Followed {
  readonly name: OrderName
  isAsking: boolean
  /** Something happened since it was asked. */
  isStale: boolean
  /** When to ask again, and how long was waited last. */
  readonly times: Float64Array
  /** What is told after its fills. */
  readonly after: (() => void)[]
}

export class OrderFollower {
  readonly #orders: OrderTable
  readonly #questions: OrderQuestions
  readonly #followed = new Map<string, Followed>()
  /** Counts streams: what was asked under an older one is nobody's. */
  #stream = 0

  constructor(orders: OrderTable, questions: OrderQuestions) {
    this.#orders = orders
    this.#questions = questions
  }

  get count(): number {
    return this.#followed.size
  }

  /** Orders that are not ours are left alone. */
  follow(orders: readonly NamedOrder[]): void {
    for (const named of orders) {
      const order = this.#orders.ofClientId(named.clientId) ?? this.#orders.ofVenueId(named.symbolName, named.venueId)
      if (order === undefined) continue
      const known = this.#followed.get(order.clientId)
      if (known !== undefined) {
        known.isStale = true
        known.times[0] = 0
      } else if (this.#followed.size < FOLLOWED_MAX) {
        const { clientId, units } = order
        const name = { symbol: units.symbol, clientId, venueId: order.venueId || named.venueId }
        this.#followed.set(clientId, { name, isAsking: false, isStale: true, times: new Float64Array(2), after: [] })
      }
    }
  }

  /** Now, or once what happened to this order has been told: a refused cancel is no news before the fill that was faster. */
  after(clientId: string, tell: () => void): void {
    const followed = this.#followed.get(clientId)
    if (followed === undefined) tell()
    else followed.after.push(tell)
  }

  forget(): void {
    this.#stream++
    const waiting = [...this.#followed.values()].flatMap(({ after }) => after)
    this.#followed.clear()
    for (const tell of waiting) tell()
  }

  /** Asks whatever is due. Answers how many. */
  work(nowNs: MonoNs): number {
    let asked = 0
    for (const [clientId, followed] of this.#followed) {
      if (followed.isAsking || nowNs < followed.times[0]) continue
      if (this.#ask(clientId, followed, nowNs)) asked++
    }
    return asked
  }

  #ask(clientId: string, followed: Followed, nowNs: MonoNs): boolean {
    const stream = this.#stream
    followed.isStale = false
    followed.isAsking = true
    const isSent = this.#questions.listen(followed.name, (outcome) => {
      if (stream !== this.#stream) return
      followed.isAsking = false
      if (followed.isStale) followed.times.fill(0)
      else if (outcome === 'told') this.#finish(clientId, followed)
      else this.#later(followed, nowNs)
    })
    if (isSent) return true
    followed.isAsking = false
    followed.isStale = true
    this.#later(followed, nowNs)
    return false
  }

  #finish(clientId: string, { after }: Followed): void {
    this.#followed.delete(clientId)
    for (const tell of after) tell()
  }

  /** `nowNs`: when it was asked. */
  #later(followed: Followed, nowNs: MonoNs): void {
    const waitNs = Math.min(RETRY_LAST_NS, Math.max(RETRY_FIRST_NS, followed.times[1] * 2))
    followed.times[0] = nowNs + waitNs
    followed.times[1] = waitNs
  }
}
