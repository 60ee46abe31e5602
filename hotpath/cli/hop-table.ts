/** Hops of a route as lines: who answered, its smallest round trip, and what the hop adds one way. Pure. */
import type { Hop, HopAnalysis } from '../latency/hop-analysis.ts'
import { renderTable, type TextColumn, type TextStyle, withoutControls } from '../tca/text-table.ts'

const BAR_WIDTH = 30

const columns: readonly TextColumn[] = [
  { head: 'hop', align: 'right' },
  { head: 'host', align: 'left' },
  { head: 'answers', align: 'right' },
  { head: 'least ms', align: 'right' },
  { head: 'adds one way ms', align: 'right' },
  { head: '', align: 'left' },
]

/** `analysis` is of these hops' smallest round trips, in the same order. */
export function renderHops(hops: readonly Hop[], analysis: HopAnalysis, style: TextStyle): readonly string[] {
  const { oneWayIncrementsMs, nonMonotone, slowest } = analysis
  const largest = slowest === undefined ? 0 : oneWayIncrementsMs[slowest]
  const rows = hops.map(({ ttl, hosts, answers, minRttMs }, at) => {
    const added = oneWayIncrementsMs[at]
    const bar = '#'.repeat(largest === 0 ? 0 : Math.round((added / largest) * BAR_WIDTH))
    const note = nonMonotone.includes(at)
      ? style.dim('nearer than a hop before it: it answers slowly, or its way back is another')
      : bar
    return [
      String(ttl),
      hosts.length === 0 ? '*' : hosts.map(withoutControls).join(' '),
      String(answers),
      minRttMs === undefined ? '-' : minRttMs.toFixed(3),
      minRttMs === undefined ? '-' : added.toFixed(3),
      at === slowest ? style.bold(note) : note,
    ]
  })
  const total = oneWayIncrementsMs.reduce((sum, added) => sum + added, 0)
  const lines = renderTable(columns, rows, style)
  if (slowest === undefined) return [...lines, 'no hop adds anything that can be seen']
  const share = Math.round((largest / total) * 100)
  return [
    ...lines,
    `hop ${hops[slowest].ttl} adds most: ${largest.toFixed(3)} of ${total.toFixed(3)} ms one way (${share}%)`,
  ]
}
