/** A request to Kraken's REST API as its words, form-encoded or JSON, and who signed it. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountKey, EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatorRequest } from '../emulator/venue-emulator.ts'
import { isWords, member, parseWords } from '../native/json-words.ts'
import { type KrakenRefusal, refusals } from './kraken-emulator-refusal.ts'

/** Texts by name; lists of a JSON body apart. */
export interface KrakenWords {
  readonly words: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly unknown[]>
}

export const noWords: KrakenWords = { words: new Map(), lists: new Map() }

export function readForm(text: string): KrakenWords {
  return { words: new Map(new URLSearchParams(text)), lists: new Map() }
}

/** Scalars of an object as texts, its arrays as lists; everything else is left out. */
export function readObject(value: unknown): KrakenWords {
  const words = new Map<string, string>()
  const lists = new Map<string, readonly unknown[]>()
  if (!isWords(value)) return noWords
  for (const name of Object.keys(value)) {
    const one = member(value, name)
    if (Array.isArray(one)) lists.set(name, one)
    else if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') words.set(name, `${one}`)
  }
  return { words, lists }
}

export function readBody({ headers, body }: EmulatorRequest): KrakenWords {
  const isJson = (headers['content-type'] ?? '').includes('json')
  return isJson ? readObject(parseWords(body)) : readForm(body)
}

/** Keys, signatures and nonces of one venue. */
export class KrakenGate {
  readonly #exchange: EmulatedExchange
  /** The highest nonce of each key. */
  readonly #nonces = new Map<string, bigint>()

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  /** The account that signed `path` and body, or why not; a nonce is used up when everything else is right. */
  signer(
    path: string,
    request: EmulatorRequest,
    { words }: KrakenWords,
  ): { account: EmulatedAccount; key: AccountKey } | KrakenRefusal {
    const found = this.#exchange.keyOf(request.headers['api-key'] ?? '')
    if (found === undefined) return refusals.invalidKey
    const nonce = words.get('nonce') ?? ''
    if (!/^\d{1,20}$/.test(nonce)) return refusals.invalidNonce
    if (!isSigned(found.key, path, nonce, request)) return refusals.invalidSignature
    const number = BigInt(nonce)
    if (number <= (this.#nonces.get(found.key.apiKey) ?? 0n)) return refusals.invalidNonce
    this.#nonces.set(found.key.apiKey, number)
    return found
  }
}

function isSigned(key: AccountKey, path: string, nonce: string, { headers, body }: EmulatorRequest): boolean {
  const inner = createHash('sha256')
    .update(nonce + body)
    .digest()
  const signer = createHmac('sha512', Buffer.from(key.secret, 'base64')).update(path)
  const expected = signer.update(inner).digest()
  const given = Buffer.from(headers['api-sign'] ?? '', 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
