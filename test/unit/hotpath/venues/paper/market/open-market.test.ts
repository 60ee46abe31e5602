import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { MarketError, openMarketSource } from '../../../../../../hotpath/venues/paper/market/open-market.ts'

const folder = mkdtempSync(join(tmpdir(), 'open-'))
afterAll(() => rmSync(folder, { recursive: true }))

const options = { seed: 1, speed: 1 }

async function messageOf(name: string, given: object = {}): Promise<string> {
  try {
    await openMarketSource(name, { ...options, ...given })
  } catch (error) {
    expect(error).toBeInstanceOf(MarketError)
    const { message } = error as Error
    expect(message).not.toContain('\n')
    return message
  }
  return 'opened'
}

test('the calibrated market opens at once', async () => {
  const market = await openMarketSource('calibrated', options)
  expect(market.name).toBe('calibrated')
  expect(market.venues).toHaveLength(32)
})

test('errors are one line and say what to do', async () => {
  expect(await messageOf('binance')).toBe("no market is called 'binance'; use calibrated or replay:PATH")
  expect(await messageOf('replay:')).toMatch(/needs a path/)
  expect(await messageOf(`replay:${folder}/missing`)).toMatch(/no such file or directory; give the path of a recording/)
  expect(await messageOf('calibrated', { speed: 0 })).toMatch(/speed must be above 0/)
  expect(await messageOf('calibrated', { speed: Number.NaN })).toMatch(/speed must be above 0/)
  expect(await messageOf('calibrated', { seed: 1.5 })).toMatch(/seed must be a whole number/)
  expect(await messageOf('calibrated', { holdSeconds: -1 })).toMatch(/holdSeconds must be above 0/)
})

test('an empty directory, or one of other things, says what is known', async () => {
  mkdirSync(join(folder, 'empty'))
  expect(await messageOf(`replay:${join(folder, 'empty')}`)).toMatch(/nothing we can play in it; known are/)
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'other', 'a.json.gz'), Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3))
  writeFileSync(join(folder, 'other', 'b.csv'), 'time,price\n1,2\n')
  expect(await messageOf(`replay:${join(folder, 'other')}`)).toMatch(/nothing we can play/)
})

test('two layouts in one directory are refused', async () => {
  mkdirSync(join(folder, 'mixed'))
  writeFileSync(join(folder, 'mixed', 'a'), '[{"bids":[{"price":{"numerator":1,"denominator":1}}]}]')
  writeFileSync(join(folder, 'mixed', 'b'), '1723161253937085768 {"stream":"btcusdt@trade","data":{}}')
  expect(await messageOf(`replay:${join(folder, 'mixed')}`)).toMatch(/holds .* and .*; give the path of one of them/)
})
