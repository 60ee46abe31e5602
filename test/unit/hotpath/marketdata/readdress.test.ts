import { expect, test } from 'vitest'
import { readdressed, readdresser } from '../../../../hotpath/marketdata/readdress.ts'
import { toyVenue } from './toy-feed.ts'

const endpoints = { rest: 'http://127.0.0.1:8001/ignored', publicSocket: 'ws://127.0.0.1:8002' }

test('path and query stay, the house is another', () => {
  expect(readdressed('https://api.venue.test/v3/depth?symbol=A%2FB&limit=5', endpoints)).toBe(
    'http://127.0.0.1:8001/v3/depth?symbol=A%2FB&limit=5',
  )
  expect(readdressed('wss://ws.venue.test:9443/stream?streams=a@depth/b@trade', endpoints)).toBe(
    'ws://127.0.0.1:8002/stream?streams=a@depth/b@trade',
  )
})

test('without another house it is the same address, word for word', () => {
  const url = 'https://api.venue.test/info#meta'
  expect(readdressed(url, undefined)).toBe(url)
})

test('venues that are not named stay where they are, whatever they are called', () => {
  const readdress = readdresser({ toy: endpoints })
  expect(readdress(toyVenue({ id: 'toy' }), 'https://x.test/a')).toBe('http://127.0.0.1:8001/a')
  for (const id of ['other', 'constructor', '__proto__', 'toString']) {
    expect(readdress(toyVenue({ id }), 'https://x.test/a')).toBe('https://x.test/a')
  }
})
