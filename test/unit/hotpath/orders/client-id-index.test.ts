import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientIdIndex } from '../../../../hotpath/orders/client-id-index.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../../../shared/limits.ts'
import type { AccountIndex, ParentRow } from '../../../../shared/units/ids.ts'

class Columns {
  readonly accounts: Uint16Array
  readonly ids: Uint8Array
  readonly lengths: Uint8Array
  readonly index: ClientIdIndex
  constructor(rows: number) {
    this.accounts = new Uint16Array(rows)
    this.ids = new Uint8Array(rows * CLIENT_ORDER_ID_BYTES_MAX)
    this.lengths = new Uint8Array(rows)
    this.index = new ClientIdIndex(rows, this.accounts, this.ids, this.lengths)
  }
  add(row: number, account: number, id: string): void {
    this.accounts[row] = account
    this.lengths[row] = id.length
    this.ids.set(bytes(id), row * CLIENT_ORDER_ID_BYTES_MAX)
    this.index.add(row as ParentRow)
  }
  find(account: number, id: string): number {
    return this.index.find(account as AccountIndex, bytes(id), id.length)
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)

test('the same id of another account, or a longer one, is another order', () => {
  const columns = new Columns(4)
  columns.add(2, 7, 'abc')
  expect(columns.find(7, 'abc')).toBe(2)
  expect([columns.find(8, 'abc'), columns.find(7, 'ab'), columns.find(7, 'abcd')]).toEqual([-1, -1, -1])
})

test('agrees with a Map over random histories, full and with runs that wrap around', () => {
  const rows = 16
  const step = fc.record({ account: fc.nat(2), id: fc.stringMatching(/^[ab]{1,3}$/), isRemoval: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const columns = new Columns(rows)
      const free = Array.from({ length: rows }, (_, row) => row)
      const truth = new Map<string, number>()
      for (const { account, id, isRemoval } of steps) {
        const key = `${account}/${id}`
        const row = truth.get(key)
        expect(columns.find(account, id)).toBe(row ?? -1)
        if (row !== undefined && isRemoval) {
          columns.index.remove(row as ParentRow)
          truth.delete(key)
          free.push(row)
        } else if (row === undefined && free.length > 0) {
          const next = free.pop() ?? 0
          columns.add(next, account, id)
          truth.set(key, next)
        }
      }
      for (const [key, row] of truth) {
        const [account, id] = key.split('/')
        expect(columns.find(Number(account), id)).toBe(row)
      }
    }),
  )
})
