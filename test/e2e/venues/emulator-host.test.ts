/** The process of the emulated venues: what it is after it was killed in the middle of an order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type EmulatorInfo, readEmulatorInfo } from '../../../hotpath/venues/emulator/emulator-info.ts'
import { openCcxt } from './ccxt-client.ts'

const options = { defaultType: 'spot', fetchMarkets: { types: ['spot'] } }
const folder = mkdtempSync(join(tmpdir(), 'sor-emulator-'))
const info = join(folder, 'info.json')
let host: ChildProcess | undefined

afterEach(() => {
  host?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<EmulatorInfo> {
  host = spawn(
    process.execPath,
    ['hotpath/venues/emulator/emulator-host.ts', '--venues', 'binance', '--info', info, '--deposit', 'USDT=5000'],
    { stdio: 'inherit' },
  )
  const { pid } = host
  for (let tries = 0; tries < 200; tries++) {
    const found = readEmulatorInfo(info)
    if (found?.pid === pid && found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the emulator host did not start')
}

function kill(signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    host?.once('exit', (code) => resolve(code))
    host?.kill(signal)
  })
}

test('a host killed mid-order comes back with its port, key, fills and balances; what was open is canceled', async () => {
  const first = await start()
  expect(statSync(info).mode & 0o777).toBe(0o600)
  const [venue] = first.venues
  const client = await openCcxt('binance', { port: venue.port, key: venue, options })
  await client.loadMarkets()
  expect((await client.fetchBalance())['USDT'].total).toBe(5_000)
  const filled = await client.createOrder('BTC/USDT', 'market', 'buy', 0.01)
  const open = await client.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 20_000)
  const before = await client.fetchBalance()
  await kill('SIGKILL')

  const second = await start()
  expect(second.venues).toEqual(first.venues)
  expect(await client.fetchOrder(filled.id ?? '', 'BTC/USDT')).toMatchObject({ status: 'closed', filled: 0.01 })
  expect(await client.fetchOrder(open.id ?? '', 'BTC/USDT')).toMatchObject({ status: 'canceled', filled: 0 })
  expect((await client.fetchMyTrades('BTC/USDT')).every((trade) => trade.order === filled.id)).toBe(true)
  const after = await client.fetchBalance()
  expect(after['USDT'].total).toBe(before['USDT'].total)
  expect(after['BTC']).toEqual(before['BTC'])
  await client.close()
  expect(await kill('SIGTERM')).toBe(0)
})
