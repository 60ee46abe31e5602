/** Conversations on OKX's sockets: /public with market channels, /private with login, account channels and orders. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatorConversation, EmulatorPeer } from '../emulator/venue-emulator.ts'
import { isWords, listOf, member, parseWords, type Words, wordsOf } from '../native/json-words.ts'
import type { AccountListener, OkxAccounts } from './okx-emulator-accounts.ts'
import { type ChannelListener, keyOf, type OkxChannels } from './okx-emulator-channels.ts'
import { word } from './okx-emulator-desk.ts'
import { isRefusal, type OkxRefusal, refusal } from './okx-emulator-refusal.ts'
import { SPOT } from './okx-emulator-words.ts'

const SUBSCRIPTIONS_MAX = 480
const accountChannels: readonly string[] = ['orders', 'account']
const orderTypes: readonly string[] = [SPOT, 'ANY']
const pleaseLogIn = refusal('60011', 'Please log in')

/** What the sockets ask of the venue. */
export interface SocketDesk {
  logIn(words: Words): EmulatedAccount | OkxRefusal
  /** Runs a trading request of the socket (order, batch-orders, ...); undefined: there is no such. */
  trade(op: string, rows: readonly Words[], account: EmulatedAccount): object | undefined
  balances(account: EmulatedAccount): object
}

export class OkxConversation implements EmulatorConversation, ChannelListener, AccountListener {
  readonly #peer: EmulatorPeer
  readonly #isPrivate: boolean
  readonly #desk: SocketDesk
  readonly #channels: OkxChannels
  readonly #accounts: OkxAccounts
  /** By channel key: the subscription's own words as JSON, said again with every message. */
  readonly #public = new Map<string, string>()
  /** The same of account channels, by those words. */
  readonly #private = new Map<string, Words>()
  readonly #connId: string
  #account: EmulatedAccount | undefined

  constructor(
    peer: EmulatorPeer,
    rooms: { desk: SocketDesk; channels: OkxChannels; accounts: OkxAccounts },
    door: { isPrivate: boolean; connId: string },
  ) {
    this.#peer = peer
    this.#isPrivate = door.isPrivate
    this.#connId = door.connId
    this.#desk = rooms.desk
    this.#channels = rooms.channels
    this.#accounts = rooms.accounts
  }

  get account(): EmulatedAccount {
    if (this.#account === undefined) throw new Error('only who has logged in listens')
    return this.#account
  }

  onMessage(text: string): void {
    if (text === 'ping') {
      this.#peer.send('pong')
      return
    }
    const asked = parseWords(text)
    const op = isWords(asked) ? word(asked, 'op') : ''
    const rows = isWords(asked) ? listOf(member(asked, 'args')).map(wordsOf) : []
    if (op === '' || rows.length === 0) {
      this.#refuse(refusal('60012', `Invalid request: ${text.slice(0, 1_000)}`))
    } else if (op === 'login') this.#logIn(rows[0])
    else if (op === 'subscribe') for (const row of rows) this.#subscribe(row)
    else if (op === 'unsubscribe') for (const row of rows) this.#unsubscribe(row)
    else this.#trade(op, word(asked as Words, 'id'), rows)
  }

  onClose(): void {
    for (const key of this.#public.keys()) this.#channels.leave(key, this)
    this.#public.clear()
    this.#private.clear()
    this.#accounts.leave(this)
  }

  hear(key: string, members: string): void {
    this.#peer.send(`{"arg":${this.#public.get(key)},${members}}`)
  }

  hearOrder(row: object, symbolName: string): void {
    for (const words of this.#private.values()) {
      const isWanted = word(words, 'channel') === 'orders' && ['', symbolName].includes(word(words, 'instId'))
      if (isWanted) this.#tell(words, row)
    }
  }

  hearBalances(row: object): void {
    for (const words of this.#private.values()) {
      if (word(words, 'channel') === 'account') this.#tell(words, row, 'event_update')
    }
  }

  /** `eventType`: of the account channel. */
  #tell(words: Words, row: object, eventType = ''): void {
    const arg = { ...words, uid: `${this.account.index + 1}` }
    const paging = eventType === '' ? {} : { eventType, curPage: 1, lastPage: true }
    this.#peer.send(JSON.stringify({ arg, ...paging, data: [row] }))
  }

  #logIn(words: Words): void {
    const account = this.#isPrivate ? this.#desk.logIn(words) : refusal('60009', 'Login failure')
    if (isRefusal(account)) {
      this.#refuse(account)
      return
    }
    this.#account = account
    this.#accounts.listen(this)
    this.#peer.send(JSON.stringify({ event: 'login', code: '0', msg: '', connId: this.#connId }))
  }

  #subscribe(words: Words): void {
    const refused = this.#refusalOf(words)
    if (refused !== undefined) {
      this.#refuse(refused)
      return
    }
    const { extraParams, ...arg } = words
    const said = JSON.stringify(arg)
    this.#peer.send(`{"event":"subscribe","arg":${said},"connId":"${this.#connId}"}`)
    if (this.#isPrivate) this.#follow(said, arg)
    else this.#followPublic(said, arg)
  }

  #followPublic(said: string, arg: Words): void {
    const [channel, instId] = [word(arg, 'channel'), word(arg, 'instId')]
    const key = keyOf(channel, instId)
    if (this.#public.has(key) || this.#public.size >= SUBSCRIPTIONS_MAX) return
    this.#public.set(key, said)
    this.#channels.follow(channel, instId, this)
  }

  #follow(said: string, arg: Words): void {
    if (this.#private.size >= SUBSCRIPTIONS_MAX) return
    this.#private.set(said, arg)
    if (word(arg, 'channel') === 'account') this.#tell(arg, this.#desk.balances(this.account), 'snapshot')
  }

  #unsubscribe(words: Words): void {
    const { extraParams, ...arg } = words
    const key = keyOf(word(arg, 'channel'), word(arg, 'instId'))
    if (this.#public.delete(key)) this.#channels.leave(key, this)
    this.#private.delete(JSON.stringify(arg))
    this.#peer.send(JSON.stringify({ event: 'unsubscribe', arg, connId: this.#connId }))
  }

  #refusalOf(words: Words): OkxRefusal | undefined {
    const [channel, instId] = [word(words, 'channel'), word(words, 'instId')]
    if (!this.#isPrivate) return this.#channels.has(channel, instId) ? undefined : unknownChannel(channel, instId)
    if (this.#account === undefined) return pleaseLogIn
    if (!accountChannels.includes(channel)) return unknownChannel(channel, instId)
    const isTyped = channel !== 'orders' || orderTypes.includes(word(words, 'instType'))
    return isTyped ? undefined : unknownChannel(channel, instId)
  }

  #trade(op: string, id: string, rows: readonly Words[]): void {
    const answer = this.#account === undefined ? undefined : this.#desk.trade(op, rows, this.#account)
    if (this.#account === undefined) this.#refuse(pleaseLogIn)
    else if (answer === undefined) this.#refuse(refusal('60013', `Invalid op: ${op.slice(0, 100)}`))
    else this.#peer.send(JSON.stringify({ id, op, ...answer }))
  }

  #refuse({ code, msg }: OkxRefusal): void {
    this.#peer.send(JSON.stringify({ event: 'error', code, msg, connId: this.#connId }))
  }
}

function unknownChannel(channel: string, instId: string): OkxRefusal {
  const msg = `Wrong URL or channel:${channel},instId:${instId} doesn't exist. Please use the correct URL, channel and parameters referring to API document.`
  return refusal('60018', msg)
}
