import { expect, test } from 'vitest'
import { barChart, groupedBarChart, stepChart, waterfall } from '../../../../hotpath/tca/svg-charts.ts'

function rects(svg: string): { x: number; width: number; tone: string }[] {
  return [...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map((match) => ({
    tone: match[1],
    x: Number(match[2]),
    width: Number(match[3]),
  }))
}

const bar = (label: string, value: number) => ({ label, value, text: value.toString(), tone: 'ours' })

test('bars are as long as their values', () => {
  const [one, two] = rects(barChart('x', [bar('a', 1), bar('b', 2)]).text)
  expect(two.width / one.width).toBeCloseTo(2, 1)
  expect(one.x).toBe(two.x)
})

test('a negative bar goes left of the zero line', () => {
  const [cost, gain] = rects(barChart('x', [bar('a', 2), bar('b', -1)]).text)
  expect(gain.x + gain.width).toBeCloseTo(cost.x, 1)
})

test('a waterfall starts each part where the one before ended and ends at the total', () => {
  const parts = [bar('spread', 1), bar('impact', 3), bar('delay', -2)]
  const [spread, impact, delay, total] = rects(waterfall('x', parts, bar('total', 2)).text)
  expect(impact.x).toBeCloseTo(spread.x + spread.width, 1)
  expect(delay.x + delay.width).toBeCloseTo(impact.x + impact.width, 1)
  expect(total.x).toBeCloseTo(spread.x, 1)
  expect(total.x + total.width).toBeCloseTo(delay.x, 1)
})

test('what is not known has no bar', () => {
  const group = { label: 'a', bars: [{ value: Number.NaN, text: '-', tone: 'other' }, bar('', 1)] }
  expect(rects(groupedBarChart('x', [group]).text)).toHaveLength(1)
})

test('all noughts still draw', () => {
  expect(barChart('x', [bar('a', 0)]).text).not.toContain('NaN')
  expect(stepChart('x', [], 0, '0 us').text).not.toContain('NaN')
})

test('long labels are cut and said in full to who points at them', () => {
  const svg = barChart('x', [bar('a-venue-with-a-long-name', 1)]).text
  expect(svg).toContain('<title>a-venue-with-a-long-name</title>')
  expect(svg).toContain('a-venue-with-a-…')
})
