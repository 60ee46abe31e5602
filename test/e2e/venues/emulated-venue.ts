/** One emulated venue behind real sockets on loopback, in this process: the stage of the client tests. */
import { randomBytes } from 'node:crypto'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import type { AccountKey } from '../../../hotpath/venues/emulator/emulated-account.ts'
import { EmulatedMarket } from '../../../hotpath/venues/emulator/emulated-market.ts'
import type { EmulatorEntry, OpenedEmulator } from '../../../hotpath/venues/emulator/emulator-entry.ts'
import { EmulatorFaults } from '../../../hotpath/venues/emulator/emulator-faults.ts'
import { EmulatorServer } from '../../../hotpath/venues/emulator/emulator-server.ts'
import { CalibratedMarket } from '../../../hotpath/venues/paper/market/calibrated-market.ts'
import type { MarketSink } from '../../../hotpath/venues/paper/market-source.ts'
import { type MonoNs, NS_PER_MS, US_PER_MS } from '../../../shared/units/time.ts'

const WHOLE = 100_000_000n

/** The calibrated market, which a test can hold still. */
export class HeldMarket extends CalibratedMarket {
  isHeld = false

  override work(nowNs: MonoNs, sink: MarketSink): number {
    return this.isHeld ? 0 : super.work(nowNs, sink)
  }
}

export interface EmulatedVenue {
  readonly market: HeldMarket
  readonly emulator: OpenedEmulator
  readonly faults: EmulatorFaults
  readonly key: AccountKey
  readonly port: number
  close(): Promise<void>
}

/**
 * Opens the venue over the calibrated market; one account, 10 of every coin and 1,000,000 of every dollar. `limitScale`
 * widens its rate limits for a test that asks more in seconds than a customer may.
 */
export async function openEmulatedVenue(entry: EmulatorEntry, limitScale = 1): Promise<EmulatedVenue> {
  const clock = new MachineClock()
  const source = new HeldMarket({ seed: 7, speed: 1 })
  const market = new EmulatedMarket(source)
  const startEpochMs = clock.epochUs() / US_PER_MS - clock.monoNs() / NS_PER_MS
  const dollars = 1_000_000n * WHOLE
  const deposits = { USD: dollars, USDT: dollars, USDC: dollars, '*': 10n * WHOLE }
  const faults = new EmulatorFaults()
  const emulator = entry.open({ market, startEpochMs, deposits, limitScale }, faults)
  const key = entry.makeKey(randomBytes)
  emulator.exchange.openAccount('main', [key])
  const server = new EmulatorServer(clock)
  const port = await server.listen(emulator, 0)
  server.turn()
  return { market: source, emulator, faults, key, port, close: () => server.close() }
}
