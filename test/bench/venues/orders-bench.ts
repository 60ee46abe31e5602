/** What an order costs before it can leave: words, signature, request. The promise is 30 us for venues that sign by HMAC. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { BinanceOrders } from '../../../hotpath/venues/binance/binance-orders.ts'
import { Credentials } from '../../../hotpath/venues/native/credentials.ts'
import type { VenueOrder } from '../../../hotpath/venues/native/order-dialect.ts'
import { Ed25519Signer, HmacSigner, JwtSigner } from '../../../hotpath/venues/native/request-signer.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'

const PROMISE_US = 30
const KEY = 'k'.repeat(64)
const SECRET = 's'.repeat(64)
const NOW_MS = 1_700_000_000_000
/** Of an order, without the signature. */
const MESSAGE =
  'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=1.5&price=64000.05&recvWindow=800&timestamp=1'

const order: VenueOrder = {
  symbol: {
    name: 'BTCUSDT',
    symbol: 'BTC/USDT',
    base: 'BTC',
    quote: 'USDT',
    tickSize: '0.01',
    lotSize: '0.00001',
    quantityMin: '0.00001',
    quantityMax: '9000',
    notionalMin: '5',
    contractSize: '1',
  },
  clientId: 's00010000001001',
  side: 'buy',
  timeInForce: 'ioc',
  postOnly: false,
  price: '64000.05',
  quantity: '1.5',
  deadlineMs: NOW_MS + 800,
}

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const count = options.quick ? 5_000 : 50_000
  const dialect = new BinanceOrders(new Credentials({ key: KEY, secret: SECRET }))
  const sha256 = new HmacSigner('sha256', Buffer.from(SECRET), 'hex')
  const sha512 = new HmacSigner('sha512', Buffer.from(SECRET), 'base64')
  const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }): string =>
    key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const ed25519 = new Ed25519Signer(pem(generateKeyPairSync('ed25519').privateKey), 'base64')
  const es256 = new JwtSigner(pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), { kid: 'bench' })
  const claims = { sub: 'bench', iss: 'cdp', nbf: 1, exp: 121, uri: 'POST api.coinbase.com/api/v3/brokerage/orders' }
  let nowMs = NOW_MS
  const sign = measure(count, () => sha256.sign(MESSAGE))
  const place = measure(count, () => dialect.place(order, nowMs++ % 2 === 0 ? NOW_MS : NOW_MS + 1).url)
  const plain = measure(count, () => placePlainly(nowMs++))
  const rows = [
    row('HMAC-SHA256 of 110 characters', sign),
    row(
      'HMAC-SHA512 of 110 characters',
      measure(count, () => sha512.sign(MESSAGE)),
    ),
    row(
      'Ed25519 of 110 characters',
      measure(count / 10, () => ed25519.sign(MESSAGE)),
    ),
    row(
      'ES256 JWT of a request',
      measure(count / 10, () => es256.sign(claims, '0123456789abcdef')),
    ),
    { ...row('order encoded and signed, HMAC', place), limit: { max: PROMISE_US, isGate: false } },
  ]
  const ratio = percentile(place, 0.5) / percentile(plain, 0.5)
  rows.push({
    name: 'order encoded and signed / URLSearchParams and createHmac',
    unit: 'x',
    value: ratio,
    limit: { max: 1, isGate: true },
    note: `the plain way p50 ${percentile(plain, 0.5).toFixed(1)} us, same words, same run`,
  })
  return rows
}

/** As anybody would write it. */
function placePlainly(nowMs: number): string {
  const words = new URLSearchParams({
    symbol: order.symbol.name,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'IOC',
    quantity: order.quantity,
    price: order.price,
    newOrderRespType: 'FULL',
    selfTradePreventionMode: 'EXPIRE_TAKER',
    newClientOrderId: order.clientId,
    recvWindow: '800',
    timestamp: `${nowMs}`,
  }).toString()
  const signature = createHmac('sha256', SECRET).update(words).digest('hex')
  return `https://api.binance.com/api/v3/order?${words}&signature=${signature}`
}

/** Sorted microseconds of single runs, after as many to warm up. */
function measure(count: number, work: () => string): Float64Array {
  const us = new Float64Array(count)
  let length = 0
  for (let at = -count; at < count; at++) {
    const from = performance.now()
    length += work().length
    if (at >= 0) us[at] = (performance.now() - from) * 1_000
  }
  if (length === 0) throw new Error('nothing was signed')
  return us.sort()
}

function row(name: string, us: Float64Array): BenchRow {
  return {
    name,
    unit: 'us',
    value: percentile(us, 0.5),
    p50: percentile(us, 0.5),
    p99: percentile(us, 0.99),
    p999: percentile(us, 0.999),
  }
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))]
}
