/** Who waits for a reconciliation is told its end, whoever leaves meanwhile. */
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../../hotpath/orders/venue-report.ts'
import { CcxtGrid } from '../../../../../hotpath/venues/ccxt/ccxt-grid.ts'
import { CcxtOrders } from '../../../../../hotpath/venues/ccxt/ccxt-orders.ts'
import type { CcxtReports } from '../../../../../hotpath/venues/ccxt/ccxt-reporter.ts'
import { clientIdRule } from '../../../../../hotpath/venues/ccxt/client-order-id.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_S } from '../../../../../shared/units/time.ts'
import { ScriptedCcxt, settle, spot, TestClock } from './scripted-ccxt.ts'

test('a session that leaves while it is reconciled takes nobody else with it', async () => {
  const clock = new TestClock()
  const client = new ScriptedCcxt()
  const connected = new Set([1])
  const reconciled: number[] = []
  const reports: CcxtReports = {
    onCcxtReport: (asker, { kind }) => {
      if (kind === VenueReportKind.reconciled) reconciled.push(asker)
    },
    isConnected: (asker) => connected.has(asker),
  }
  const orders = new CcxtOrders({
    client,
    rule: clientIdRule(client.id)!,
    venue: 0 as VenueIndex,
    grids: [new CcxtGrid(spot)],
    assets: ['BTC', 'USDT'],
    reports,
    clock,
    say: () => undefined,
  })
  const turn = (): void => {
    clock.ns += NS_PER_S
    orders.work(clock.monoNs() as MonoNs)
  }
  let answer: (value: { free: Record<string, number> }) => void = () => undefined
  client.fetchBalance = () => new Promise((resolve) => (answer = resolve))
  orders.reconcile(1)
  turn()
  await settle()
  connected.delete(1)
  connected.add(2)
  orders.reconcile(2)
  turn()
  answer({ free: {} })
  await settle()
  for (let turns = 0; turns < 5; turns++) {
    turn()
    await settle()
    answer({ free: {} })
    await settle()
  }
  expect(reconciled).toContain(2)
})
