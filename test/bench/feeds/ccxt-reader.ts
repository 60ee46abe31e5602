/**
 * The same frames through ccxt.pro's own client and handler: its onMessage (JSON.parse of the text included), its
 * handleMessage, its order book. No network: the client is never connected.
 */
import ccxt from 'ccxt'
import { assert } from '../../../shared/assert.ts'
import { type BookReader, type DepthFrames, TOP } from './feed-rig.ts'

type CcxtSide = (readonly [number, number])[]

interface CcxtBook {
  bids: CcxtSide
  asks: CcxtSide
  reset(snapshot: object): void
}

interface CcxtClient {
  subscriptions: Record<string, unknown>
  rejections: Record<string, unknown>
  onMessage(event: { data: string }): void
  reject(error: unknown, hash?: string): void
}

interface CcxtExchange {
  orderbooks: Record<string, CcxtBook>
  setMarkets(markets: readonly object[]): void
  client(url: string): CcxtClient
  orderBook(snapshot?: object): CcxtBook
  parseOrderBook(snapshot: object, symbol: string): Record<string, unknown>
}

export class CcxtReader implements BookReader {
  readonly #exchange: CcxtExchange
  readonly #client: CcxtClient
  readonly #texts: readonly string[]
  readonly #symbol: string

  constructor(frames: DepthFrames) {
    const { dialect, snapshot } = frames
    const id = dialect.ccxt ?? dialect.id
    const Exchange = (ccxt.pro as unknown as Record<string, new () => CcxtExchange>)[id]
    assert(Exchange !== undefined, 'ccxt has the venue')
    const isSwap = id === 'htx'
    this.#texts = frames.texts
    this.#symbol = `BTC/${dialect.quote}${isSwap ? `:${dialect.quote}` : ''}`
    this.#exchange = new Exchange()
    this.#exchange.setMarkets([marketOf(dialect.symbol, this.#symbol, dialect.quote, isSwap)])
    this.#client = this.#exchange.client('wss://stream.example/stream/spot')
    this.#client.subscriptions[`books:${this.#symbol}`] = true
    this.#client.reject = (error) => {
      throw error
    }
    if (dialect.isHttp === true) this.#begin(JSON.parse(snapshot) as HttpBook)
    else this.#client.onMessage({ data: snapshot })
  }

  hear(at: number): void {
    this.#client.onMessage({ data: this.#texts[at] })
  }

  best(side: 'bids' | 'asks'): (readonly [number, number])[] {
    const levels = this.#exchange.orderbooks[this.#symbol][side]
    return levels.slice(0, TOP).map(([price, size]) => [price, size] as const)
  }

  /** What ccxt does with the answer to its own question for a book. */
  #begin(body: HttpBook): void {
    const told = body.data ?? body
    const book = this.#exchange.orderBook({})
    const snapshot = this.#exchange.parseOrderBook(told, this.#symbol)
    snapshot['nonce'] = Number(told.lastUpdateId ?? told.id ?? told.sequence)
    book.reset(snapshot)
    this.#exchange.orderbooks[this.#symbol] = book
  }
}

interface HttpBook {
  readonly data?: HttpBook
  readonly lastUpdateId?: number
  readonly id?: number
  readonly sequence?: string
}

function marketOf(id: string, symbol: string, quote: string, isSwap: boolean): object {
  const settle = isSwap ? quote : undefined
  const kind = isSwap
    ? { type: 'swap', spot: false, swap: true, contract: true, linear: true, inverse: false, contractSize: 1 }
    : { type: 'spot', spot: true, swap: false, contract: false }
  const names = { id, symbol, base: 'BTC', quote, settle, baseId: 'BTC', quoteId: quote, settleId: settle }
  const bounds = { amount: {}, price: {}, cost: {} }
  return { ...names, ...kind, active: true, precision: { amount: 1e-5, price: 0.01 }, limits: bounds, info: {} }
}
