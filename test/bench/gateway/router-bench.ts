/** The client's round trip and the orders a second through the whole router: risk, decision, journal, children out. */
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { runGatewayBench } from './gateway-bench.ts'

export function run(options: BenchOptions): Promise<BenchRow[]> {
  return runGatewayBench(options, 'whole router', 'router-host', { perSecondMin: 100_000 })
}
