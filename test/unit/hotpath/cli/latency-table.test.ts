import { expect, test } from 'vitest'
import {
  formatTimeUs,
  renderOrderSteps,
  renderStages,
  renderVenueTimes,
} from '../../../../hotpath/cli/latency-table.ts'
import type { LatencyFigures, StageLatency, VenueLatency } from '../../../../hotpath/latency/latency-report.ts'
import { plain } from '../../../../hotpath/tca/text-table.ts'

const none: LatencyFigures = { count: 0, meanUs: 0, p50Us: 0, p90Us: 0, p99Us: 0, p999Us: 0, maxUs: 0 }
const times = (us: number, count = 1_000): LatencyFigures => ({
  count,
  meanUs: us,
  p50Us: us,
  p90Us: 2 * us,
  p99Us: 10 * us,
  p999Us: 20 * us,
  maxUs: 100 * us,
})
const stage = (name: string, figures: LatencyFigures): StageLatency => ({
  stage: name,
  kind: name === 'orderOut' ? 'total' : 'step',
  meaning: '',
  ...figures,
})
const marked = { ...plain, bold: (text: string) => `*${text}*`, bad: (text: string) => `!${text}!` }
const cells = (line: string) => line.trim().split(/\s{2,}/)

test.each([
  [0, '0 ns'],
  [0.0814, '81 ns'],
  [0.999, '999 ns'],
  [1, '1.00 us'],
  [9.994, '9.99 us'],
  [9.996, '10.0 us'],
  [152.4, '152 us'],
  [999.4, '999 us'],
  [999.6, '1.00 ms'],
  [12_340, '12.3 ms'],
  [4_200_000, '4.20 s'],
  [186_000_000, '3.1 min'],
  [-1_500, '-1.50 ms'],
  [Number.POSITIVE_INFINITY, '-'],
])('%f us is %s', (us, text) => {
  expect(formatTimeUs(us)).toBe(text)
})

test('a line a stage; totals stand out, stages nobody passed are empty', () => {
  const report = {
    stages: [stage('risk', times(0.2)), stage('orderOut', times(3)), stage('durable', none)],
    venues: [],
    refused: 0,
  }
  const lines = renderStages(report, 80, marked)
  expect(lines.map(cells)).toEqual([
    ['stage', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    ['risk', '1,000', '200 ns', '400 ns', '2.00 us', '4.00 us', '20.0 us'],
    ['*orderOut*', '1,000', '3.00 us', '6.00 us', '30.0 us', '60.0 us', '300 us'],
    ['durable', '0', '-', '-', '-', '-', '-'],
  ])
})

test('a wide terminal sees the spread: four characters a decade', () => {
  const report = { stages: [stage('venueAck', times(1_000)), stage('durable', none)], venues: [], refused: 0 }
  const [head, ack, durable] = renderStages(report, 120, plain)
  expect(head).toMatch(/100ns {3}10us {4}1ms {5}100ms$/)
  const drawn = ack.slice(head.indexOf('100ns'))
  expect(drawn).toBe(`${'.'.repeat(16)}${'='.repeat(5)}${'-'.repeat(4)}`)
  expect(durable.length).toBeLessThan(head.indexOf('100ns'))
})

test('times off the scale are drawn at its ends', () => {
  const stages = [stage('low', { ...times(0.001), maxUs: 0.01 }), stage('high', times(1e9))]
  const lines = renderStages({ stages, venues: [], refused: 3 }, 120, marked)
  const at = lines[0].indexOf('100ns')
  expect(lines[1].slice(at)).toBe('=')
  expect(lines[2].slice(at)).toBe(`${'.'.repeat(31)}=`)
  expect(lines.at(-1)).toBe('!3 times came out negative and are left out!')
})

test('a line a venue; of the network only what is known', () => {
  const venues: VenueLatency[] = [
    { venue: 'okx', ack: times(2_000), fill: times(3_000, 5) },
    { venue: 'new\u001b[2J', ack: times(50), fill: none },
    { venue: 'gate', ack: none, fill: none },
  ]
  const lines = renderVenueTimes(venues, plain)
  expect(cells(lines[0])).toEqual(['venue', 'acks', 'p50', 'p99', 'max', 'fills', 'p50', 'p99'])
  expect(cells(lines[1])).toEqual(['okx', '1,000', '2.00 ms', '20.0 ms', '200 ms', '5', '3.00 ms', '30.0 ms'])
  expect(cells(lines[2])).toEqual(['new?[2J', '1,000', '50.0 us', '500 us', '5.00 ms', '-', '-', '-'])
  expect(lines.slice(3)).toEqual(['1 other venues got no order yet'])
  expect(renderVenueTimes([{ venue: 'gate', ack: none, fill: none }], plain)).toEqual([
    '1 venues, no order went to any yet',
  ])
})

test('distance, floor, clock and congestion where anybody knows them; faster than light is said', () => {
  const network = { venue: 'okx', distanceKm: 9_580.4, floorUs: 93_800, offsetUs: 1_250, offsetBoundUs: 46_000 }
  const venues: VenueLatency[] = [
    { venue: 'okx', ack: times(2_000), fill: none, network: { ...network, congestion: 'rising', note: '' } },
    {
      venue: 'kraken',
      ack: times(2_000),
      fill: none,
      network: { venue: 'kraken', oneWayLowUs: 100, oneWayHighUs: 900 },
    },
    { venue: 'gate', ack: none, fill: times(9) },
  ]
  const lines = renderVenueTimes(venues, marked)
  expect(cells(lines[0]).slice(8)).toEqual(['km', 'floor', 'clock', '+-', 'way out', 'congestion'])
  expect(cells(lines[1]).slice(8)).toEqual(['9,580', '93.8 ms', '+1.25 ms', '46.0 ms', '-', 'rising'])
  expect(cells(lines[2]).slice(8)).toEqual(['-', '-', '-', '-', '100 us to 900 us', '-'])
  expect(cells(lines[3]).slice(8)).toEqual(['-', '-', '-', '-', '-', '-'])
  expect(lines.slice(4)).toEqual([expect.stringMatching(/^!okx answers faster than light/)])
})

test('an order: its steps, their shares, the total', () => {
  const lines = renderOrderSteps(
    {
      totalUs: 4,
      steps: [
        { stage: 'decision', us: 3 },
        { stage: 'wireOut', us: 1 },
      ],
    },
    plain,
  )
  expect(lines.map(cells)).toEqual([
    ['step', 'time', 'share'],
    ['decision', '3.00 us', '75%', '#'.repeat(30)],
    ['wireOut', '1.00 us', '25%', '#'.repeat(10)],
    ['total', '4.00 us'],
  ])
  expect(renderOrderSteps({ totalUs: 0, steps: [{ stage: 'decision', us: 0 }] }, plain)[1]).toMatch(
    /decision +0 ns +0%$/,
  )
})
