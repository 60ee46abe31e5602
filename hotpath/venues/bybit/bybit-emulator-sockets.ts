/** Conversations on Bybit's sockets: /v5/public/spot with topics, /v5/private with the account, /v5/trade with orders. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatorConversation, EmulatorPeer } from '../emulator/venue-emulator.ts'
import { isWords, listOf, member, parseWords, type Words, wordsOf } from '../native/json-words.ts'
import type { AccountListener, BybitAccounts, PrivateTopic } from './bybit-emulator-accounts.ts'
import { word } from './bybit-emulator-desk.ts'
import { type BybitRefusal, isRefusal, refusal } from './bybit-emulator-refusal.ts'
import type { BybitTopics, TopicListener } from './bybit-emulator-topics.ts'

const TOPICS_MAX = 1_000
/** Arguments of one subscription on a public spot socket. */
const ARGUMENTS_MAX = 10
const privateTopics: readonly string[] = ['order', 'execution', 'wallet', 'order.spot', 'execution.spot']

export type BybitDoor = 'public' | 'private' | 'trade'

/** What the sockets ask of the venue. */
export interface SocketDesk {
  readonly nowMs: number
  logIn(args: readonly unknown[]): EmulatedAccount | BybitRefusal
  /** Runs 'order.create' and the like; undefined: there is no such. */
  trade(op: string, asked: Words, header: Words, account: EmulatedAccount): TradeAnswer | undefined
}

export interface TradeAnswer {
  readonly retCode: number
  readonly retMsg: string
  readonly data: object
  readonly header: Readonly<Record<string, string>>
}

export class BybitConversation implements EmulatorConversation, TopicListener, AccountListener {
  readonly #peer: EmulatorPeer
  readonly #desk: SocketDesk
  readonly #topics: BybitTopics
  readonly #accounts: BybitAccounts
  readonly #door: BybitDoor
  readonly #connId: string
  readonly #followed = new Set<string>()
  #account: EmulatedAccount | undefined
  #said = 0

  constructor(
    peer: EmulatorPeer,
    rooms: { desk: SocketDesk; topics: BybitTopics; accounts: BybitAccounts },
    door: { kind: BybitDoor; connId: string },
  ) {
    this.#peer = peer
    this.#desk = rooms.desk
    this.#topics = rooms.topics
    this.#accounts = rooms.accounts
    this.#door = door.kind
    this.#connId = door.connId
  }

  get account(): EmulatedAccount {
    if (this.#account === undefined) throw new Error('only who has logged in listens')
    return this.#account
  }

  onMessage(text: string): void {
    const asked = parseWords(text)
    const words = wordsOf(asked)
    const op = word(words, 'op')
    const args = listOf(member(words, 'args'))
    if (!isWords(asked) || op === '') this.#answer(op, words, refusal(10001, 'Request not authorized'))
    else if (op === 'ping') this.#pong(words)
    else if (op === 'auth' && this.#door !== 'public') this.#logIn(words, args)
    else if (op === 'subscribe' && this.#door !== 'trade') this.#subscribe(words, args.map(String))
    else if (op === 'unsubscribe' && this.#door !== 'trade') this.#unsubscribe(words, args.map(String))
    else if (this.#door === 'trade') this.#trade(op, words, wordsOf(args[0]))
    else this.#answer(op, words, refusal(10001, `Invalid op:${op.slice(0, 100)}`))
  }

  onClose(): void {
    for (const topic of this.#followed) this.#topics.leave(topic, this)
    this.#followed.clear()
    this.#accounts.leave(this)
  }

  hearPublic(message: string): void {
    this.#peer.send(message)
  }

  hearTopic(topic: PrivateTopic, row: object): void {
    for (const name of [topic, `${topic}.spot`]) {
      if (!this.#followed.has(name)) continue
      const id = `${this.#connId}-${++this.#said}`
      this.#peer.send(JSON.stringify({ id, topic: name, creationTime: this.#desk.nowMs, data: [row] }))
    }
  }

  #logIn(words: Words, args: readonly unknown[]): void {
    const account = this.#desk.logIn(args)
    if (!isRefusal(account)) {
      this.#account = account
      if (this.#door === 'private') this.#accounts.listen(this)
    }
    this.#answer('auth', words, isRefusal(account) ? account : undefined)
  }

  /** All of a request or none of it. */
  #subscribe(words: Words, topics: readonly string[]): void {
    const refused = this.#refusalOf(topics)
    this.#answer('subscribe', words, refused)
    if (refused !== undefined) return
    for (const topic of topics) {
      if (this.#followed.has(topic) || this.#followed.size >= TOPICS_MAX) continue
      this.#followed.add(topic)
      if (this.#door === 'public') this.#topics.follow(topic, this)
    }
  }

  #unsubscribe(words: Words, topics: readonly string[]): void {
    for (const topic of topics) {
      if (this.#followed.delete(topic) && this.#door === 'public') this.#topics.leave(topic, this)
    }
    this.#answer('unsubscribe', words, undefined)
  }

  #refusalOf(topics: readonly string[]): BybitRefusal | undefined {
    if (topics.length === 0) return refusal(10001, 'Invalid topic: args is empty')
    if (this.#door === 'private') {
      if (this.#account === undefined) return refusal(10003, 'Request not authorized')
      const unknown = topics.find((topic) => !privateTopics.includes(topic))
      return unknown === undefined ? undefined : refusal(10001, `Invalid topic: ${unknown.slice(0, 100)}`)
    }
    if (topics.length > ARGUMENTS_MAX) return refusal(10001, 'args size >10')
    const unknown = topics.find((topic) => !this.#topics.has(topic))
    return unknown === undefined ? undefined : refusal(10001, `error:handler not found,topic:${unknown.slice(0, 100)}`)
  }

  #trade(op: string, words: Words, asked: Words): void {
    const reqId = word(words, 'reqId')
    const header = wordsOf(member(words, 'header'))
    const answer = this.#account === undefined ? undefined : this.#desk.trade(op, asked, header, this.#account)
    if (this.#account === undefined) this.#answer(op, words, refusal(10003, 'Request not authorized'))
    else if (answer === undefined) this.#answer(op, words, refusal(10404, 'op type is not found'))
    else this.#peer.send(JSON.stringify({ reqId, op, ...answer, connId: this.#connId }))
  }

  /** The sockets for trading and for listening answer in different words. */
  #answer(op: string, asked: Words, refused: BybitRefusal | undefined): void {
    if (this.#door === 'trade') {
      const { retCode, retMsg } = refused ?? { retCode: 0, retMsg: 'OK' }
      this.#peer.send(JSON.stringify({ reqId: word(asked, 'reqId'), retCode, retMsg, op, connId: this.#connId }))
      return
    }
    const success = refused === undefined
    const ret_msg = refused?.retMsg ?? ''
    this.#peer.send(JSON.stringify({ success, ret_msg, conn_id: this.#connId, req_id: word(asked, 'req_id'), op }))
  }

  #pong(asked: Words): void {
    const [now, req_id] = [[`${this.#desk.nowMs}`], word(asked, 'req_id')]
    const pong = {
      public: { success: true, ret_msg: 'pong', conn_id: this.#connId, req_id, op: 'ping' },
      private: { req_id, op: 'pong', args: now, conn_id: this.#connId },
      trade: { retCode: 0, retMsg: 'OK', op: 'pong', data: now, connId: this.#connId },
    }
    this.#peer.send(JSON.stringify(pong[this.#door]))
  }
}
