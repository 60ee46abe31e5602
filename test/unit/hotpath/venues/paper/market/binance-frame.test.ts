import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BinanceMarket,
  ccxtSymbol,
  digitsOfText,
  isBinanceHead,
  isBookTicker,
  type LocalTime,
  parseFrame,
  readLocalTime,
  Skipped,
} from '../../../../../../hotpath/venues/paper/market/binance-frame.ts'

function depth(fields: object): string {
  const data = { e: 'depthUpdate', s: 'BTCUSDT', U: 5, u: 7, b: [['61837.63000000', '3.78826000']], a: [], ...fields }
  return JSON.stringify({ stream: 'btcusdt@depth@100ms', data })
}

function trade(fields: object): string {
  const data = { e: 'trade', s: 'BTCUSDT', p: '61837.63', q: '0.02', m: true, ...fields }
  return JSON.stringify({ stream: 'btcusdt@trade', data })
}

test('depth: the market is known by what the frame carries', () => {
  expect(parseFrame(depth({}))).toMatchObject({
    kind: 'depth',
    market: BinanceMarket.spot,
    firstId: 5,
    lastId: 7,
    previousId: -1,
    bids: [61837.63, 3.78826],
    priceDigits: 2,
    qtyDigits: 5,
  })
  expect(parseFrame(depth({ pu: 4 }))).toMatchObject({ market: BinanceMarket.usdm, previousId: 4 })
  expect(parseFrame(depth({ pu: 4, ps: 'BTCUSD', s: 'BTCUSD_PERP' }))).toMatchObject({ market: BinanceMarket.coinm })
})

test('trades: the buyer who waited was hit by a seller; insurance fund fills are no trades', () => {
  expect(parseFrame(trade({ M: true }))).toMatchObject({ kind: 'trade', market: BinanceMarket.spot, isSell: true })
  expect(parseFrame(trade({ X: 'MARKET', m: false }))).toMatchObject({ market: BinanceMarket.usdm, isSell: false })
  expect(parseFrame(trade({ X: 'MARKET', s: 'ETHUSD_PERP' }))).toMatchObject({ market: BinanceMarket.coinm })
  expect(parseFrame(trade({ X: 'INSURANCE_FUND' }))).toBe(Skipped.notMarketTrade)
  expect(parseFrame(trade({ X: 'MARKET', p: '0', q: '0' }))).toBe(Skipped.notMarketTrade)
})

test('a snapshot has no stream', () => {
  const json = '{"lastUpdateId":9,"bids":[["1.5","2"]],"asks":[["1.6","3"]]}'
  expect(parseFrame(json)).toEqual({
    kind: 'snapshot',
    lastId: 9,
    bids: [1.5, 2],
    asks: [1.6, 3],
    priceDigits: 1,
    qtyDigits: 0,
  })
})

test('nonsense is said to be bad, whatever it is', () => {
  const bad = [
    '',
    '{',
    '[]',
    'null',
    '7',
    '{"stream":"x"}',
    '{"stream":"x","data":[]}',
    depth({ U: '5' }),
    depth({ u: -1 }),
    depth({ u: 1e300 }),
    depth({ pu: 'x' }),
    depth({ s: 'btc usdt' }),
    depth({ b: [['1']] }),
    depth({ b: [[1, 2]] }),
    depth({ b: [['1', '-2']] }),
    depth({ b: [['0', '2']] }),
    depth({ b: [['99999999999999999999', '1']] }),
    depth({ b: 'x' }),
    trade({ m: 'yes' }),
    trade({ p: '1e5' }),
    '{"lastUpdateId":"9","bids":[],"asks":[]}',
  ]
  for (const json of bad) expect(parseFrame(json), json).toBe(Skipped.bad)
  expect(parseFrame('{"stream":"x","data":{"e":"kline"}}')).toBe(Skipped.otherStream)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (json) => {
      parseFrame(json)
    }),
  )
})

test('the local time is split, so that no digit is lost', () => {
  const time: LocalTime = { seconds: 0, nanos: 0 }
  const line = Buffer.from('1723161253937085768 {"stream":1}')
  expect(readLocalTime(line, 0, line.length, time)).toBe(20)
  expect(time).toEqual({ seconds: 1723161253, nanos: 937085768 })
  for (const bad of ['', '{"stream":1}', '12 {}', '17231612539370857681 {}', '1723161253937085768']) {
    const bytes = Buffer.from(bad)
    expect(readLocalTime(bytes, 0, bytes.length, time), bad).toBe(-1)
  }
})

test('best-price lines are known without parsing them', () => {
  const known = (text: string): boolean => isBookTicker(Buffer.from(text), 0, text.length)
  expect(known('1723161254087891268 {"stream":"btcusdt@bookTicker","data":{}}')).toBe(true)
  expect(known('1723161254087891268 {"stream":"btcusdt@depth@100ms","data":{}}')).toBe(false)
  expect(known('1723161254087891268 {"lastUpdateId":1}')).toBe(false)
})

test('what a file is shows in its first line', () => {
  expect(isBinanceHead('1723161253937085768 {"stream":"btcusdt@depth@100ms",')).toBe(true)
  expect(isBinanceHead('1723161253937085768 {"lastUpdateId":50093239218,')).toBe(true)
  expect(isBinanceHead('1737918843893903000 {"channel":"l2Book",')).toBe(false)
  expect(isBinanceHead('[{"bids":[')).toBe(false)
})

test('ccxt symbols of the three markets', () => {
  const { spot, usdm, coinm } = BinanceMarket
  expect(ccxtSymbol(spot, 'BTCUSDT')).toEqual({ symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT' })
  expect(ccxtSymbol(spot, 'ETHBTC').symbol).toBe('ETH/BTC')
  expect(ccxtSymbol(usdm, 'ETHUSDT').symbol).toBe('ETH/USDT:USDT')
  expect(ccxtSymbol(usdm, 'BTCUSDT_240927').symbol).toBe('BTC/USDT:USDT-240927')
  expect(ccxtSymbol(coinm, 'BTCUSD_PERP')).toEqual({ symbol: 'BTC/USD:BTC', base: 'BTC', quote: 'USD' })
})

test('the digits a captured number needs', () => {
  expect(digitsOfText('61837.63000000')).toBe(2)
  expect(digitsOfText('100')).toBe(0)
  expect(digitsOfText('100.00')).toBe(0)
  expect(digitsOfText('0.00000001')).toBe(8)
  expect(digitsOfText('0')).toBe(0)
  expect(digitsOfText('98765432109876.5')).toBe(1)
  for (const bad of ['', '.', '.5', '5.', '1.2.3', '1e5', '-1', ' 1', '0x1', '999999999999999', 7, null]) {
    expect(digitsOfText(bad), String(bad)).toBe(-1)
  }
})
