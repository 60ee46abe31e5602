/** Reads default fees, their asset and request pauses from the declared schedules of an independent library. */
import type { DeclaredFees } from './calibration.ts'

interface Declared {
  readonly name: string
  readonly rateLimitMs: number
  readonly dex: boolean
  readonly fees?: { trading?: Schedule; linear?: { trading?: Schedule }; inverse?: { trading?: Schedule } } | null
}

interface Schedule {
  readonly maker?: unknown
  readonly taker?: unknown
  readonly feeSide?: string
}

/** Above this the figure is a percentage by mistake, or no venue we would trade at. */
const FEE_MAX = 0.03

/** Order-book venues with plausible fees; futures venues by their own schedule. */
export function readFees(declared: Readonly<Record<string, Declared>>): Record<string, DeclaredFees> {
  const fees: Record<string, DeclaredFees> = {}
  for (const [id, { name, rateLimitMs, dex, fees: all }] of Object.entries(declared)) {
    const trading = { binanceusdm: all?.linear?.trading, binancecoinm: all?.inverse?.trading }[id] ?? all?.trading
    const { maker, taker, feeSide } = trading ?? {}
    if (dex || !isFee(maker) || !isFee(taker)) continue
    fees[id] = {
      name,
      makerPpm: Math.round(maker * 1e6),
      takerPpm: Math.round(taker * 1e6),
      isReceived: feeSide === 'get',
      pauseMs: Math.round(rateLimitMs),
    }
  }
  return fees
}

function isFee(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= FEE_MAX
}
