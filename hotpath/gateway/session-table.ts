/** The connections of the moment: rows that are reused, each with a number that is not. */

import { assert } from '../../shared/assert.ts'
import type { Account } from '../../shared/config/account.ts'
import type { BookSubscription } from './market-broadcast.ts'
import type { Socket } from './socket-transport.ts'

export class Session {
  readonly row: number
  readonly socket: Socket
  /** Counts up over the life of the process; the core knows the session by it. */
  readonly number: number
  readonly openedNs: number
  account: Account | undefined
  cancelOnDisconnect = false
  wantsBinary = false
  /** Execution reports are for every session of the account that has not unsubscribed from them. */
  wantsReports = true
  /** Refused messages before a logon; a peer that only makes mistakes is sent away. */
  refusals = 0
  readonly books: BookSubscription[] = []
  /** Instruments whose prints are wanted; ALL_INSTRUMENTS for every one. */
  readonly trades = new Set<number>()
  /** Prints left out since the last one sent, because the peer does not keep up. */
  tradesMissed = 0
  /** Leaves too much unread: nothing more is sent, and the gateway ends it. */
  isSlow = false
  /** Written outside a handler and not yet sent. */
  readonly pending: (string | Uint8Array)[] = []

  constructor(row: number, socket: Socket, number: number, openedNs: number) {
    this.row = row
    this.socket = socket
    this.number = number
    this.openedNs = openedNs
  }
}

export class SessionTable {
  readonly #rows: (Session | undefined)[]
  readonly #free: number[] = []
  readonly #byAccount: Session[][]
  #lastNumber = 0
  count = 0

  constructor(size: { sessionsMax: number; accounts: number }) {
    this.#rows = new Array<Session | undefined>(size.sessionsMax).fill(undefined)
    for (let row = size.sessionsMax - 1; row >= 0; row--) this.#free.push(row)
    this.#byAccount = Array.from({ length: size.accounts }, () => [])
  }

  /** Undefined: every row is taken. */
  open(socket: Socket, nowNs: number): Session | undefined {
    const row = this.#free.pop()
    if (row === undefined) return undefined
    this.#lastNumber++
    const session = new Session(row, socket, this.#lastNumber, nowNs)
    this.#rows[row] = session
    socket.session = row
    this.count++
    return session
  }

  /** The session of a socket; undefined once it has been closed. */
  of(socket: Socket): Session | undefined {
    return socket.session < 0 ? undefined : this.#rows[socket.session]
  }

  at(row: number): Session | undefined {
    return this.#rows[row]
  }

  get rows(): number {
    return this.#rows.length
  }

  logOn(session: Session, account: Account): void {
    assert(session.account === undefined, 'a session logs on once')
    session.account = account
    this.#byAccount[account.index].push(session)
  }

  /** Sessions that have logged on to an account. */
  ofAccount(account: number): readonly Session[] {
    return this.#byAccount[account]
  }

  close(session: Session): void {
    assert(this.#rows[session.row] === session, 'a session is closed once')
    this.#rows[session.row] = undefined
    this.#free.push(session.row)
    session.socket.session = -1
    this.count--
    if (session.account === undefined) return
    const siblings = this.#byAccount[session.account.index]
    siblings.splice(siblings.indexOf(session), 1)
  }
}
