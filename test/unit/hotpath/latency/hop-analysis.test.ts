import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyseHops, parseTraceroute } from '../../../../hotpath/latency/hop-analysis.ts'

test('increments over the farthest hop so far; a nearer later hop is told', () => {
  const { oneWayIncrementsMs, nonMonotone, slowest } = analyseHops([1, 3, 2, 2.5, 7])
  expect(oneWayIncrementsMs).toEqual([0.5, 1, 0, 0, 2])
  expect(nonMonotone).toEqual([2, 3])
  expect(slowest).toBe(4)
})

test('a silent hop adds nothing and hides nothing', () => {
  expect(analyseHops([1, undefined, 5])).toEqual({ oneWayIncrementsMs: [0.5, 0, 2], nonMonotone: [], slowest: 2 })
  expect(analyseHops([undefined])).toEqual({ oneWayIncrementsMs: [0], nonMonotone: [], slowest: undefined })
  expect(analyseHops([])).toEqual({ oneWayIncrementsMs: [], nonMonotone: [], slowest: undefined })
})

test('increments are never negative and sum to half the largest minimum', () => {
  const minima = fc.array(fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: undefined }), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(minima, (minRttMs) => {
      const { oneWayIncrementsMs } = analyseHops(minRttMs)
      const largest = Math.max(0, ...minRttMs.map((minimum) => minimum ?? 0))
      expect(oneWayIncrementsMs.every((increment) => increment >= 0)).toBe(true)
      expect(oneWayIncrementsMs.reduce((sum, increment) => sum + increment, 0)).toBeCloseTo(largest / 2, 9)
    }),
  )
})

const traceroute = `traceroute to example.net (198.51.100.7), 30 hops max, 60 byte packets
 1  gateway (192.0.2.1)  0.412 ms  0.398 ms  0.377 ms
 2  * * *
 3  203.0.113.5 (203.0.113.5) [AS64496]  9.8 ms core.example.net (203.0.113.6)  8.4 ms *
 4  198.51.100.7 (198.51.100.7)  30.12 ms !X  29.9 ms !X  31 ms !X
`

test('traceroute: several probes a hop, stars, routers that share a hop', () => {
  expect(parseTraceroute(traceroute)).toEqual([
    { ttl: 1, hosts: ['gateway'], minRttMs: 0.377, answers: 3 },
    { ttl: 2, hosts: [], minRttMs: undefined, answers: 0 },
    { ttl: 3, hosts: ['203.0.113.5', 'core.example.net'], minRttMs: 8.4, answers: 2 },
    { ttl: 4, hosts: ['198.51.100.7'], minRttMs: 29.9, answers: 3 },
  ])
})

test('traceroute -n, IPv4 and IPv6', () => {
  const text = ' 1  192.0.2.1  0.4 ms 192.0.2.2  0.3 ms\r\n 2  2001:db8::1  1.5 ms * *\r\n'
  expect(parseTraceroute(text)).toEqual([
    { ttl: 1, hosts: ['192.0.2.1', '192.0.2.2'], minRttMs: 0.3, answers: 2 },
    { ttl: 2, hosts: ['2001:db8::1'], minRttMs: 1.5, answers: 1 },
  ])
})

test('tracepath: a line a probe, asymmetry, no reply', () => {
  const text = ` 1?: [LOCALHOST]                      pmtu 1500
 1:  gateway                                               0.533ms
 1:  gateway                                               0.364ms
 2:  no reply
 3:  203.0.113.5                                           8.409ms asymm  4
 4:  198.51.100.7                                         30.120ms reached
     Resume: pmtu 1500 hops 4 back 5
`
  expect(parseTraceroute(text)).toEqual([
    { ttl: 1, hosts: ['gateway'], minRttMs: 0.364, answers: 2 },
    { ttl: 2, hosts: [], minRttMs: undefined, answers: 0 },
    { ttl: 3, hosts: ['203.0.113.5'], minRttMs: 8.409, answers: 1 },
    { ttl: 4, hosts: ['198.51.100.7'], minRttMs: 30.12, answers: 1 },
  ])
})

test('mtr --report: the best of its answers, by the columns of its header', () => {
  const text = `Start: 2026-01-01T00:00:00+0000
HOST: box                         Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- gateway                    0.0%    10    0.4   0.5   0.3   0.8   0.1
  2.|-- ???                       100.0    10    0.0   0.0   0.0   0.0   0.0
  3.|-- 203.0.113.5               20.0%    10    9.1   9.0   8.4  12.0   1.2
`
  expect(parseTraceroute(text)).toEqual([
    { ttl: 1, hosts: ['gateway'], minRttMs: 0.3, answers: 10 },
    { ttl: 2, hosts: [], minRttMs: undefined, answers: 0 },
    { ttl: 3, hosts: ['203.0.113.5'], minRttMs: 8.4, answers: 8 },
  ])
  const short = 'HOST: box  Loss%  Best  Avg\n  1.|-- gateway  0.0%  0.3  0.5\n'
  expect(parseTraceroute(short)).toEqual([{ ttl: 1, hosts: ['gateway'], minRttMs: 0.3, answers: 1 }])
})

test('what was parsed is what is analysed', () => {
  const minima = parseTraceroute(traceroute).map(({ minRttMs }) => minRttMs)
  expect(analyseHops(minima).slowest).toBe(3)
})

test('hops come by rising TTL, impossible ones not at all', () => {
  const text =
    ' 7  192.0.2.7  7 ms\n 3  192.0.2.3  3 ms\n 0  192.0.2.1  1 ms\n 256  192.0.2.1  1 ms\n 4  192.0.2.4  99999 ms\n'
  expect(parseTraceroute(text).map(({ ttl, minRttMs }) => [ttl, minRttMs])).toEqual([
    [3, 3],
    [4, undefined],
    [7, 7],
  ])
})

test('names that could steer a terminal are left out', () => {
  const text = ' 1  \u001b[2Jevil (192.0.2.1)  0.4 ms\n 2:  a\u0007b   3.1ms\n'
  expect(parseTraceroute(text).map(({ hosts, minRttMs }) => [hosts.length, minRttMs])).toEqual([
    [0, 0.4],
    [0, 3.1],
  ])
})

const pieces = fc.constantFrom(
  ...['1', ' 2 ', '300', '.|--', '?:', ':', '*', 'ms', '1.5 ms', '0.5ms', 'Infinity ms', '1e9 ms', '-3 ms', '(', ')'],
  ...[
    '\n',
    '\r\n',
    'HOST: ',
    'HOST: a Best Loss%',
    'Loss%',
    'Best',
    'no reply',
    '[LOCALHOST]',
    'constructor',
    '\u0000',
  ],
)

test('no text throws; every hop it finds is possible', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' ')),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (hostile) => {
      let before = 0
      for (const { ttl, hosts, minRttMs, answers } of parseTraceroute(hostile)) {
        expect(ttl).toBeGreaterThan(before)
        expect(ttl).toBeLessThan(256)
        expect(hosts.length).toBeLessThan(17)
        if (minRttMs === undefined) expect(answers).toBe(0)
        else expect(minRttMs >= 0 && minRttMs <= 60_000 && answers > 0).toBe(true)
        before = ttl
      }
    }),
    { numRuns: 200 },
  )
})

test('a long text is read up to its bound, and in no time', () => {
  const lines = ' 1  192.0.2.1  0.4 ms\n'.repeat(100_000)
  expect(parseTraceroute(lines)[0].answers).toBeLessThan(3_000)
  expect(parseTraceroute(`${' '.repeat(100_000)}1`)).toEqual([])
  expect(parseTraceroute(`HOST: a ${' '.repeat(100_000)}`)).toEqual([])
})
