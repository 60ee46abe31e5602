/** One call of Deribit's API, whichever way it came: the parameters of a query, or of a JSON-RPC request. Nothing is trusted. */
import type { EmulatorRequest } from '../emulator/venue-emulator.ts'
import { isWords, member, parseWords, type Words, wordsOf } from '../native/json-words.ts'

const API = '/api/v2'

export interface DeribitCall {
  readonly id: unknown
  /** 'private/buy'; '' when it named none. */
  readonly method: string
  readonly params: CallParams
}

/** Parameters by name; texts, numbers and truths are read alike: a query knows only texts. */
export class CallParams {
  readonly #words: Words

  constructor(words: Words) {
    this.#words = words
  }

  /** Undefined when it was not said, or is no scalar. */
  text(name: string): string | undefined {
    const value = member(this.#words, name)
    if (typeof value === 'string') return value
    return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined
  }

  flag(name: string): boolean {
    return this.text(name) === 'true'
  }

  /** A whole number; undefined when it was not said, NaN when it is none. */
  count(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = text === '' ? Number.NaN : Number(text)
    return Number.isSafeInteger(value) ? value : Number.NaN
  }

  list(name: string): readonly string[] {
    const value = member(this.#words, name)
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  }
}

/** A GET's path and query, or a POST's body (the method of the body, else of the path); undefined: not an address of the API. */
export function restCall({ method: verb, target, body }: EmulatorRequest): DeribitCall | 'unreadable' | undefined {
  const [path, query = ''] = target.split('?', 2)
  if (path !== API && !path.startsWith(`${API}/`)) return undefined
  const named = path.slice(API.length + 1)
  if (verb !== 'POST' || body === '') {
    return { id: undefined, method: named, params: new CallParams(Object.fromEntries(new URLSearchParams(query))) }
  }
  const said = parseWords(body)
  return isWords(said) ? rpcCall(said, named) : 'unreadable'
}

export function socketCall(text: string): DeribitCall | 'unreadable' {
  const said = parseWords(text)
  return isWords(said) ? rpcCall(said, '') : 'unreadable'
}

function rpcCall(said: Words, path: string): DeribitCall {
  const method = member(said, 'method')
  const id = member(said, 'id')
  return {
    id: typeof id === 'number' || typeof id === 'string' ? id : undefined,
    method: typeof method === 'string' ? method : path,
    params: new CallParams(wordsOf(member(said, 'params'))),
  }
}
