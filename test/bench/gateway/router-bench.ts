/** The client's round trip and the orders a second through the whole router: risk, decision, journal, children out. */
import { availableParallelism } from 'node:os'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { type Router, runGatewayBench, startHost } from './gateway-bench.ts'

export function run(options: BenchOptions): Promise<BenchRow[]> {
  return runGatewayBench(options, 'whole router', startRouter)
}

async function startRouter(): Promise<Router> {
  const isSpinning = availableParallelism() > 2
  const { process: child, door } = await startHost('router-host.ts', isSpinning)
  const close = async (): Promise<void> => {
    child.kill()
  }
  return { ...door, isSpinning, lots: 100, close }
}
