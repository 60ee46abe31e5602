import { expect, test } from 'vitest'
import { OrderStore } from '../../../../hotpath/orders/order-store.ts'
import { DecisionLog } from '../../../../hotpath/routing/decision-log.ts'
import { Turn } from '../../../../shared/turn.ts'
import { ManualClock } from '../../../fixtures/scripted-world.ts'

const turn = new Turn(new ManualClock(), { nowUs: 0 })

function take(log: DecisionLog, store: OrderStore, sequence: number): void {
  log.open().belongTo(store, store.addParent(sequence), 1, turn)
  log.keep()
}

test('the newest are kept, the oldest is overwritten', () => {
  const log = new DecisionLog(2)
  const store = new OrderStore({ parentsMax: 8, childrenMax: 8, fillsMax: 8 })
  for (const sequence of [1, 2, 3]) take(log, store, sequence)
  expect([1, 2, 3].map((sequence) => log.find(sequence, 1)?.parentSequence)).toEqual([undefined, 2, 3])
  expect(log.find(2, 2)).toBeUndefined()
})

test('a decision that led to nothing takes no place', () => {
  const log = new DecisionLog(2)
  const store = new OrderStore({ parentsMax: 8, childrenMax: 8, fillsMax: 8 })
  take(log, store, 1)
  for (let i = 0; i < 5; i++) expect(log.open().parentSequence).toBe(0)
  expect(log.find(1, 1)?.timeUs).toBe(turn.nowUs)
})
