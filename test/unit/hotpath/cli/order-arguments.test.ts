import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Command, readArguments } from '../../../../hotpath/cli/command.ts'
import { CommandFailure, ExitCode } from '../../../../hotpath/cli/exit-code.ts'
import {
  newOrderOptions,
  readAmount,
  readExpiry,
  readNewOrder,
  readSymbol,
} from '../../../../hotpath/cli/order-arguments.ts'

const command: Command = {
  name: 'order',
  summary: '',
  usage: '',
  options: newOrderOptions,
  examples: [],
  run: async () => ExitCode.ok,
}
const NOW_MS = 1_800_000_000_000

function read(line: string) {
  const { positionals, options } = readArguments(command, line.split(' '))
  return readNewOrder(positionals, options, NOW_MS)
}

function failureOf(act: () => unknown): CommandFailure {
  try {
    act()
  } catch (error) {
    if (error instanceof CommandFailure) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the examples of the help', () => {
  test('a market buy', () => {
    expect(read('buy 2.5 BTC/USDT')).toEqual({ side: 'buy', symbol: 'BTC/USDT', quantity: '2.5', type: 'market' })
  })

  test('a limit sell', () => {
    expect(read('sell 40 BTC/USD --limit 3900 --tif GTC')).toEqual({
      side: 'sell',
      symbol: 'BTC/USD',
      quantity: '40',
      price: '3900',
      type: 'limit',
      timeInForce: 'GTC',
    })
  })

  test('a buy sized in quote', () => {
    expect(read('buy 10000USDT BTC/USDT')).toEqual({
      side: 'buy',
      symbol: 'BTC/USDT',
      quoteQuantity: '10000',
      type: 'market',
    })
  })

  test('everything at once', () => {
    expect(
      read(
        'buy 1 eth/btc --limit 0.033 --tif gtd --expire 10m --venues binance,kraken --exclude okx ' +
          '--slippage-bps 20 --fee-bps 10.5 --post-only --durable',
      ),
    ).toEqual({
      side: 'buy',
      symbol: 'ETH/BTC',
      quantity: '1',
      price: '0.033',
      type: 'limit',
      timeInForce: 'GTD',
      expireTime: NOW_MS + 600_000,
      venues: { include: ['binance', 'kraken'], exclude: ['okx'] },
      limits: { slippageBps: 20, feeBps: 10.5 },
      postOnly: true,
      durability: 'machine',
    })
  })
})

test.each([
  'hold 1 BTC/USDT',
  'buy 1',
  'buy 1 BTC/USDT now',
  'buy 1e3 BTC/USDT',
  'buy -1 BTC/USDT',
  'buy 1,5 BTC/USDT',
  'buy .5 BTC/USDT',
  'buy 10EUR BTC/USDT',
  'buy 1 BTCUSDT',
  'buy 1 BTC/USDT --limit cheap',
  'buy 1 BTC/USDT --tif DAY',
  'buy 1 BTC/USDT --tif GTD',
  'buy 1 BTC/USDT --expire 10m',
  'buy 1 BTC/USDT --limit 1 --tif GTD --expire tomorrow',
  'buy 1 BTC/USDT --limit 1 --tif GTD --expire 2030-01-31T12:00:00',
  'buy 1 BTC/USDT --venues binance,,kraken',
  'buy 1 BTC/USDT --slippage-bps lots',
  'buy 1 BTC/USDT --slippage-bps 10001',
  'buy 1 BTC/USDT --fee-bps -1',
  'buy 1 BTC/USDT --no-such-option',
  'buy 1 BTC/USDT --limit',
])('a usage error: %s', (line) => {
  const failure = failureOf(() => read(line))
  expect(failure.exitCode).toBe(ExitCode.usage)
  expect(failure.message).not.toBe('')
})

test('an amount may name either asset, in any case', () => {
  expect(readAmount('2.5', 'BTC/USDT')).toEqual({ quantity: '2.5' })
  expect(readAmount('2.5btc', 'BTC/USDT')).toEqual({ quantity: '2.5' })
  expect(readAmount('100usdt', 'BTC/USDT')).toEqual({ quoteQuantity: '100' })
})

test('property: digits come through untouched', () => {
  const decimal = fc
    .tuple(fc.nat(), fc.option(fc.stringMatching(/^[0-9]{1,9}$/)))
    .map(([whole, fraction]) => (fraction === null ? `${whole}` : `${whole}.${fraction}`))
  fc.assert(
    fc.property(decimal, (text) => {
      expect(readAmount(text, 'BTC/USDT')).toEqual({ quantity: text })
      expect(readAmount(`${text}USDT`, 'BTC/USDT')).toEqual({ quoteQuantity: text })
    }),
  )
})

test('expiry as a distance or a time with its zone', () => {
  expect(readExpiry('90s', NOW_MS)).toBe(NOW_MS + 90_000)
  expect(readExpiry('2h', NOW_MS)).toBe(NOW_MS + 7_200_000)
  expect(readExpiry('2030-01-31T12:00:00Z', NOW_MS)).toBe(1_896_091_200_000)
  expect(readExpiry('2030-01-31T13:00:00+01:00', NOW_MS)).toBe(1_896_091_200_000)
})

test('symbols are upper case', () => {
  expect(readSymbol('btc/usdt')).toBe('BTC/USDT')
})
