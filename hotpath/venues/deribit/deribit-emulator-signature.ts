/** Who is asking: Deribit's signatures (HMAC-SHA256 in hex), in a header over REST and in the login over WebSocket. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatorRequest } from '../emulator/venue-emulator.ts'
import type { CallParams } from './deribit-emulator-call.ts'
import { DeribitRefusal, refusals } from './deribit-emulator-refusal.ts'

/** A time is good for so long, and so far ahead of the venue's. */
const VALID_MS = 60_000
const SEEN_MAX = 20_000
const SCHEME = 'deri-hmac-sha256 '

interface Signed {
  readonly id: string
  readonly ts: string
  readonly nonce: string
  readonly signature: string
  /** What follows time and nonce. */
  readonly data: string
}

export class DeribitSignatures {
  readonly #exchange: EmulatedExchange
  /** Signatures seen: one that comes again is a request that comes again. */
  readonly #seen = new Set<string>()

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  /** Of `Authorization: deri-hmac-sha256 id=..., ts=..., sig=..., nonce=...`. */
  ofRequest(request: EmulatorRequest, nowMs: number): EmulatedAccount | DeribitRefusal {
    const header = request.headers['authorization'] ?? ''
    if (!header.startsWith(SCHEME)) return refusals.unauthorized
    const words = new Map<string, string>()
    for (const part of header.slice(SCHEME.length).split(',')) {
      const at = part.indexOf('=')
      if (at > 0) words.set(part.slice(0, at).trim(), part.slice(at + 1).trim())
    }
    return this.#check(
      {
        id: words.get('id') ?? '',
        ts: words.get('ts') ?? '',
        nonce: words.get('nonce') ?? '',
        signature: words.get('sig') ?? '',
        data: `${request.method.toUpperCase()}\n${request.target}\n${request.body}\n`,
      },
      nowMs,
    )
  }

  /** Of public/auth: by signature, or by the secret itself. */
  ofLogin(params: CallParams, nowMs: number): EmulatedAccount | DeribitRefusal {
    const id = params.text('client_id') ?? ''
    switch (params.text('grant_type')) {
      case 'client_signature':
        return this.#check(
          {
            id,
            ts: params.text('timestamp') ?? '',
            nonce: params.text('nonce') ?? '',
            signature: params.text('signature') ?? '',
            data: params.text('data') ?? '',
          },
          nowMs,
        )
      case 'client_credentials': {
        const found = this.#exchange.keyOf(id)
        const isRight = found !== undefined && isSame(found.key.secret, params.text('client_secret') ?? '')
        return isRight ? found.account : refusals.invalidCredentials
      }
      default:
        return new DeribitRefusal(-32602, 'Invalid params', { param: 'grant_type', reason: 'invalid value' })
    }
  }

  #check({ id, ts, nonce, signature, data }: Signed, nowMs: number): EmulatedAccount | DeribitRefusal {
    const found = this.#exchange.keyOf(id)
    if (found === undefined) return refusals.invalidCredentials
    if (nonce === '' || !/^\d{1,16}$/.test(ts)) return refusals.unauthorized
    if (Math.abs(nowMs - Number(ts)) > VALID_MS) return refusals.unauthorized
    const expected = createHmac('sha256', found.key.secret).update(`${ts}\n${nonce}\n${data}`).digest('hex')
    if (!isSame(expected, signature) || this.#seen.has(signature)) return refusals.unauthorized
    this.#seen.add(signature)
    if (this.#seen.size > SEEN_MAX) this.#seen.delete([...this.#seen][0])
    return found.account
  }
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}
