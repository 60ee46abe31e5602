/**
 * Bitfinex's pairs from its tickers: the venue lists no tick sizes. Prices have five significant digits, so the step depends
 * on the price of the day; sizes have eight decimals. Source: "Tickers", "Price precision" of the API's introduction.
 */
import { asText, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const SIGNIFICANT_DIGITS = 5
const LOT = '0.00000001'
const LAST_PRICE = 7
/** Currencies as everybody else writes them. */
const common: Readonly<Record<string, string>> = {
  ALG: 'ALGO',
  AMP: 'AMPL',
  ATO: 'ATOM',
  DAT: 'DATA',
  DOG: 'MDOGE',
  DSH: 'DASH',
  EUS: 'EURS',
  EUT: 'EURT',
  IOT: 'IOTA',
  IQX: 'IQ',
  LUNA: 'LUNC',
  LUNA2: 'LUNA',
  MNA: 'MANA',
  QSH: 'QASH',
  QTM: 'QTUM',
  RBT: 'RBTC',
  SNG: 'SNGLS',
  STJ: 'STORJ',
  TERRAUST: 'USTC',
  TSD: 'TUSD',
  UDC: 'USDC',
  UST: 'USDT',
  VSY: 'VSYS',
  XCH: 'XCHF',
}

/** [[symbol, bid, size, ask, size, change, relative, last, ...], ...] */
export function bitfinexListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return answer.flatMap((row: unknown) => {
    if (!Array.isArray(row)) return []
    const symbol = bitfinexSymbol(asText(row[0]), row[LAST_PRICE])
    return symbol === undefined ? [] : [symbol]
  })
}

function bitfinexSymbol(name: string, last: unknown): VenueSymbol | undefined {
  // 'f...' is a funding currency, TEST... is play money.
  if (!name.startsWith('t') || name.includes('TEST') || typeof last !== 'number' || !(last > 0)) return undefined
  const pair = name.slice(1)
  const [left, right] = pair.includes(':') ? pair.split(':') : [pair.slice(0, 3), pair.slice(3)]
  const isDerivative = left.endsWith('F0')
  const base = commonName(left)
  const quote = commonName(right)
  return listed({
    name,
    base,
    quote,
    settle: isDerivative ? quote : '',
    tickSize: stepAt(last),
    lotSize: LOT,
  })
}

function commonName(code: string): string {
  const bare = code.endsWith('F0') ? code.slice(0, -2) : code
  return common[bare] ?? bare
}

/** The step of the price's last significant digit, one finer: the price may fall below its decade while we trade. */
function stepAt(price: number): string {
  const power = Math.floor(Math.log10(price)) - SIGNIFICANT_DIGITS
  return power >= 0 ? `1${'0'.repeat(power)}` : `0.${'0'.repeat(-power - 1)}1`
}
