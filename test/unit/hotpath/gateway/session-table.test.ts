/** Rows are reused, numbers are not, and who has gone is nowhere. */
import { expect, test } from 'vitest'
import { SessionTable } from '../../../../hotpath/gateway/session-table.ts'
import { SendResult, type Socket } from '../../../../hotpath/gateway/socket-transport.ts'
import { smallAccounts } from '../../../e2e/gateway/small-market.ts'

function makeSocket(): Socket {
  const send = () => SendResult.sent
  return { session: -1, isOpen: true, bufferedBytes: 0, send, sendAll: send, close: () => {} }
}

test('a table of two', () => {
  const table = new SessionTable({ sessionsMax: 2, accounts: 4 })
  const [main] = smallAccounts()
  const sockets = [makeSocket(), makeSocket(), makeSocket()]
  const [first, second, third] = sockets.map((socket) => table.open(socket, 0))
  expect([first?.number, second?.number, third]).toEqual([1, 2, undefined])
  expect(sockets.map(({ session }) => session)).toEqual([0, 1, -1])
  table.logOn(first!, main)
  table.logOn(second!, main)
  expect(table.ofAccount(0)).toEqual([first, second])

  table.close(first!)
  expect([table.count, table.of(sockets[0]), sockets[0].session]).toEqual([1, undefined, -1])
  expect(table.ofAccount(0)).toEqual([second])
  const again = table.open(makeSocket(), 0)
  expect([again?.row, again?.number]).toEqual([0, 3])
  expect(() => table.close(first!)).toThrow('closed once')
  expect(() => table.logOn(second!, main)).toThrow('logs on once')
})
