/**
 * Measures every number of the calibrated market from recordings and writes calibration.json beside this file:
 * `npm run calibrate -- DATA_DIR`. The same recordings give the same file. What is measured how: ../README.md.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles, readText } from '../recorded-file.ts'
import { readSnapshotFile } from '../snapshot-file.ts'
import type { Calibration, MeasuredBook, MeasuredListing } from './calibration.ts'
import { CaptureTape } from './capture-tape.ts'
import { readFrameLines } from './frame-lines.ts'
import { bookReaders, measureFarExponent, measureFullBooks, measureLiveBooks } from './measure-books.ts'
import { measureFlow } from './measure-flow.ts'
import { measureCreates } from './measure-latency.ts'
import { measureBaseCorrelation, measureLag } from './measure-lead-lag.ts'
import { measureRegimes, measureStablecoins, parseBars } from './measure-regimes.ts'
import { readFees } from './read-fees.ts'
import { listingReaders, readListings } from './read-listings.ts'

async function textOf(path: string): Promise<string> {
  const { text, early } = await readText(path, 1_000_000_000)
  if (early !== '') throw new Error(`${path}: ${early}`)
  return text
}

async function deriveFlow(data: string): Promise<Pick<Calibration, 'flow' | 'leadLag'>> {
  const folder = join(data, 'binance-raw-2024-08')
  const read = (name: string, keepsBooks = false) => CaptureTape.read(join(folder, name), keepsBooks)
  const btc = await read('spot/btcusdt_20240808.gz', true)
  const eth = await read('spot/ethusdt_20240808.gz', true)
  const btcUsdm = await read('usdm/btcusdt_20240808.gz')
  const ethUsdm = await read('usdm/ethusdt_20240808.gz')
  const btcCoinm = await read('cm/btcusd_perp_20240808.gz')
  const ethCoinm = await read('cm/ethusd_perp_20240808.gz')
  const source = 'binance-raw-2024-08: spot, 2024-08-08 23:54:13 to 24:00:00 UTC'
  return {
    flow: { source, BTC: measureFlow(btc), ETH: measureFlow(eth) },
    leadLag: {
      source: 'binance-raw-2024-08: mid returns on a 10 ms grid, one host; correlation of BTC and ETH at 1 s',
      pairs: [
        measureLag('BTC spot', btc, 'BTC usdm', btcUsdm),
        measureLag('BTC spot', btc, 'BTC coinm', btcCoinm),
        measureLag('BTC usdm', btcUsdm, 'BTC coinm', btcCoinm),
        measureLag('ETH spot', eth, 'ETH usdm', ethUsdm),
        measureLag('ETH spot', eth, 'ETH coinm', ethCoinm),
        measureLag('ETH usdm', ethUsdm, 'ETH coinm', ethCoinm),
        measureLag('BTC usdm', btcUsdm, 'ETH usdm', ethUsdm),
      ],
      baseCorrelation: measureBaseCorrelation(btc, eth),
    },
  }
}

async function deriveBars(data: string): Promise<Pick<Calibration, 'regimes' | 'stablecoins'>> {
  const bars = async (name: string) => parseBars(await textOf(join(data, 'ohlc/minute', name)))
  const [usd, usdt, usdc, kraken, perp] = [
    await bars('binanceus_BTCUSD_1m_20230301_20230321.csv.gz'),
    await bars('binanceus_BTCUSDT_1m_20230301_20230321.csv.gz'),
    await bars('binanceus_BTCUSDC_1m_20230301_20230321.csv.gz'),
    await bars('kraken_BTCUSDC_1m_20230301_20230321.csv.gz'),
    await bars('btc_perp_20211231_20220201.csv.gz'),
  ]
  return {
    regimes: { source: 'ohlc/minute/btc_perp_20211231_20220201: 10-minute mean ranges', ...measureRegimes(perp) },
    stablecoins: {
      source:
        'ohlc/minute: binanceus BTC in USD, USDT, USDC and kraken BTC/USDC, 2023-03-01 to 09 (before USDC broke its peg)',
      ...measureStablecoins(usd, usdt, usdc, kraken),
    },
  }
}

async function deriveFrames(data: string): Promise<Pick<Calibration, 'books' | 'listings'>> {
  const path = (file: string) => join(data, 'exchange-frames', `${file}.jsonl.gz`)
  const books: Record<string, Record<string, MeasuredBook>> = {}
  const live = [
    ['bybit', 'BYBIT', '/v5/public/spot'],
    ['okx', 'OKX', 'ws.okx.com'],
    ['coinbase', 'COINBASE', 'coinbase.com'],
    ['gemini', 'GEMINI', 'gemini.com'],
  ] as const
  for (const [id, file, address] of live) {
    const lines = await readFrameLines(path(file))
    const from = new Date((lines.find(({ ts }) => ts !== undefined)?.ts ?? 0) * 1_000).toISOString().slice(0, 10)
    books[id] = measureLiveBooks(`${file} ${from}`, lines, address, bookReaders[id])
  }
  const venues: Record<string, Record<string, MeasuredListing>> = {}
  for (const [id, { file, read }] of Object.entries(listingReaders))
    venues[id] = readListings(await readFrameLines(path(file)), read)
  return {
    books: { source: 'exchange-frames: books built from the captured frames, up to 200 looks', venues: books },
    listings: { source: 'exchange-frames: instrument listings answered over HTTP (2021-04 to 2026-08)', venues },
  }
}

async function deriveFullBooks(data: string): Promise<Pick<Calibration, 'fullBooks'>> {
  const books = []
  for (const path of (await listFiles(join(data, 'orderbook-snapshots-2019'))).filter((name) =>
    name.endsWith('.json.gz'),
  )) {
    books.push(...measureFullBooks(await readSnapshotFile(path), path.split('/').at(-1) ?? ''))
  }
  return { fullBooks: { source: 'orderbook-snapshots-2019', books } }
}

async function deriveLatency(data: string): Promise<Pick<Calibration, 'latency'>> {
  const files = await listFiles(join(data, 'exchange-order-latency'))
  const measure = async (pattern: RegExp) => {
    const texts = []
    for (const path of files.filter((name) => pattern.test(name))) texts.push(await textOf(path))
    return measureCreates(texts)
  }
  return {
    latency: {
      source: 'exchange-order-latency: order create round trips, 2023-09 to 10; venues from Tokyo, regions to Binance',
      venues: {
        binance: await measure(/binance_aws(_asia)?_1_Tokyo/),
        gate: await measure(/gate_io_aws_1_Tokyo/),
        htx: await measure(/htx_aws_1_Tokyo/),
        kucoin: await measure(/kucoin_aws_1_Tokyo/),
      },
      regions: {
        tokyo: await measure(/(gate_io|htx|kucoin)_aws_1_Tokyo/),
        seoul: await measure(/binance_aws_asia_4_Seoul/),
        hongKong: await measure(/binance_aws_asia_5_HongKong/),
        singapore: await measure(/binance_aws(_asia)?_[23]_Singapore/),
        london: await measure(/binance_aws_3_London/),
        frankfurt: await measure(/binance_aws_4_Frankfurt/),
        canada: await measure(/binance_aws_5_Canada/),
      },
    },
  }
}

async function derive(data: string): Promise<Calibration> {
  const frames = await deriveFrames(data)
  const full = await deriveFullBooks(data)
  const live = Object.values(frames.books.venues).flatMap((books) => Object.values(books))
  return {
    ...(await deriveFlow(data)),
    ...(await deriveBars(data)),
    ...frames,
    ...full,
    farDepthExponent: measureFarExponent([...full.fullBooks.books, ...live]),
    ...(await deriveLatency(data)),
    fees: {
      source: 'exchange-fees: defaults declared by ccxt 4.5.84',
      venues: readFees(JSON.parse(await textOf(join(data, 'exchange-fees/exchange_fees.json.gz')))),
    },
  }
}

const data = process.argv[2]
if (data === undefined) {
  process.stderr.write('usage: npm run calibrate -- DATA_DIR\n')
  process.exit(2)
}
const out = new URL('./calibration.json', import.meta.url)
await writeFile(out, `${JSON.stringify(await derive(data), null, 2)}\n`)
process.stdout.write(`written ${out.pathname}; format it with npm run format\n`)
