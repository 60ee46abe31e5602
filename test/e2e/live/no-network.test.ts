/** Venues that nobody reaches: a line each, another try, and an end that leaves nothing behind. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { RouterProcess, sleep } from '../../fixtures/router-process.ts'
import { EmulatorProcess, endpointsOf, until } from './emulator-process.ts'
import { nowhere, writeLiveConfig } from './live-config.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sor-nowhere-'))
const file = writeLiveConfig(folder, { binance: nowhere, kraken: nowhere, hitbtc: nowhere })
afterAll(() => rmSync(folder, { recursive: true }))

const lines = (router: RouterProcess) => router.output.split('\n').filter((line) => line.includes('no instruments'))

test.each([
  ['on paper', ['--trading', 'paper'], 1],
  ['for real', ['--trading', 'real'], 0],
  ['for real, also through ccxt', ['--trading', 'real', '--ccxt', 'hitbtc'], 1],
])(
  '%s: one line a venue, and it goes on',
  async (_how, flags, hosts) => {
    const router = new RouterProcess(['--market', 'live', '--venues', 'binance,kraken', '--config', file, ...flags])
    try {
      router.launch()
      await until(() => lines(router).length >= 2, 'a line a venue')
      await sleep(1_500)
      expect(lines(router).sort()).toEqual([
        '  binance: no instruments yet: ECONNREFUSED; trying again',
        '  kraken: no instruments yet: ECONNREFUSED; trying again',
      ])
      expect(router.hasEnded).toBe(false)
      expect(router.hosts).toHaveLength(hosts)
      expect(await router.stop()).toBe(0)
      await until(() => router.hosts.length === 0, 'its processes to end')
    } finally {
      await router.remove()
    }
  },
  20_000,
)

test('killed while it waits, its processes end by themselves', async () => {
  const flags = ['--market', 'live', '--trading', 'real', '--venues', 'binance', '--ccxt', 'hitbtc', '--config', file]
  for (const trading of ['real', 'paper']) {
    const router = new RouterProcess([...flags, '--trading', trading])
    try {
      router.launch()
      await until(() => router.hosts.length === 1, 'its process')
      await sleep(700)
      await router.kill()
      await until(() => router.hosts.length === 0, 'its process to end')
    } finally {
      await router.remove()
    }
  }
}, 20_000)

test('what cannot start leaves nothing behind: emulators of symbols that nobody lists', async () => {
  const router = new RouterProcess(['--market', 'emulated', '--venues', 'binance', '--symbols', 'NO/NE'])
  try {
    router.launch()
    await until(() => router.hasEnded, 'it to give up')
    expect(router.output).toContain('cannot start: none of binance lists NO/NE')
    await until(() => router.hosts.length === 0, 'the emulators to end')
  } finally {
    await router.remove()
  }
}, 20_000)

test('a venue without keys is followed, not waited for; it has its place in the journal though it never answered', async () => {
  const emulator = new EmulatorProcess()
  const binance = endpointsOf((await emulator.start()).venues[0])
  const config = writeLiveConfig(mkdtempSync(path.join(folder, 'one-')), { binance, kraken: nowhere })
  const flags = ['--market', 'live', '--trading', 'real', '--venues', 'kraken,binance', '--symbols', 'BTC/USDT']
  const router = new RouterProcess([...flags, '--config', config])
  try {
    await router.start()
    expect(router.output).toContain('orders go to nobody: no venue has keys')
    expect(router.output).toContain('kraken left out: ECONNREFUSED')
    // Ten seconds for the venue that does not answer, none for the one that is only followed.
    expect(Number(/ready after (\d+) ms/.exec(router.output)?.[1])).toBeLessThan(11_900)
    const client = await router.connect()
    const venues = await client.venues()
    client.close()
    expect(venues.map(({ id, ready }) => [id, ready])).toEqual([
      ['kraken', false],
      ['binance', false],
    ])
  } finally {
    await router.remove()
    emulator.remove()
  }
}, 30_000)
