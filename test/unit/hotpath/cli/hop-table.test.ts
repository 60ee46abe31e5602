import { expect, test } from 'vitest'
import { renderHops } from '../../../../hotpath/cli/hop-table.ts'
import { analyseHops, parseTraceroute } from '../../../../hotpath/latency/hop-analysis.ts'
import { plain } from '../../../../hotpath/tca/text-table.ts'

const marked = { ...plain, bold: (text: string) => `*${text}*` }
const linesOf = (text: string): readonly string[] => {
  const hops = parseTraceroute(text)
  return renderHops(hops, analyseHops(hops.map(({ minRttMs }) => minRttMs)), marked)
}

test('a line a hop: who, the least round trip, what it adds, the worst one marked', () => {
  const lines = linesOf(
    [
      ' 1  gw (192.0.2.1)  1.000 ms  1.500 ms  1.200 ms',
      ' 2  * * *',
      ' 3  core (192.0.2.3)  7.000 ms  8.000 ms  9.000 ms',
      ' 4  slow (192.0.2.4)  5.000 ms',
    ].join('\n'),
  )
  expect(lines).toHaveLength(6)
  expect(lines[1]).toMatch(/^ +1 +gw.* +3 +1\.000 +0\.500 +#####$/)
  expect(lines[2]).toMatch(/^ +2 +\* +0 +- +-$/)
  expect(lines[3]).toMatch(/^ +3 +core.* +3 +7\.000 +3\.000 +\*#{30}\*$/)
  expect(lines[4]).toMatch(/^ +4 +slow.* +1 +5\.000 +0\.000 +nearer than a hop before it/)
  expect(lines[5]).toBe('hop 3 adds most: 3.000 of 3.500 ms one way (86%)')
})

test('silence all the way adds nothing', () => {
  expect(linesOf(' 1  * * *\n 2  * * *').at(-1)).toBe('no hop adds anything that can be seen')
})
