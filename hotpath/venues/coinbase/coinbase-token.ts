/**
 * Coinbase's tokens: a JSON Web Token a request, good for one method and path and for two minutes at most. Keys are EC P-256
 * (PEM, ES256) or Ed25519 (PEM, or base64 of seed and public key as Coinbase hands it out, EdDSA).
 * Source: docs.cdp.coinbase.com, "Coinbase App API Key Authentication" and "Advanced Trade WebSocket Authentication".
 */
import type { KeyWords } from '../native/credentials.ts'
import { JwtSigner } from '../native/request-signer.ts'

const LIFE_SECONDS = 120
const SEED_BYTES = 32
const RAW_KEY_BYTES = 64
const NONCE_HEX = 32
/** PKCS #8 of an Ed25519 key up to its seed (RFC 8410). */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export class CoinbaseTokens {
  readonly #key: string
  readonly #signer: JwtSigner
  /** No two tokens of one key carry the same nonce: when it was made first, and a count. */
  #made = 0
  #startHex = ''

  constructor(keys: KeyWords) {
    this.#key = keys.key
    this.#signer = new JwtSigner(privateKeyPem(keys.privateKey || keys.secret), { kid: keys.key })
  }

  /** Of a REST request; dies at `untilMs` (rounded up to a second) when that is sooner. */
  ofRequest(method: string, host: string, path: string, nowMs: number, untilMs: number): string {
    return this.#make({ uri: `${method} ${host}${path}` }, nowMs, untilMs)
  }

  /** Of a subscription. */
  ofSocket(nowMs: number): string {
    return this.#make({}, nowMs, 0)
  }

  #make(more: Readonly<Record<string, string>>, nowMs: number, untilMs: number): string {
    const nbf = Math.floor(nowMs / 1_000)
    const last = nbf + LIFE_SECONDS
    const exp = untilMs > 0 ? Math.max(nbf + 1, Math.min(last, Math.ceil(untilMs / 1_000))) : last
    return this.#signer.sign({ sub: this.#key, iss: 'cdp', nbf, exp, ...more }, this.#nonce(nowMs))
  }

  #nonce(nowMs: number): string {
    if (this.#startHex === '') this.#startHex = Math.floor(nowMs).toString(16)
    return `${this.#startHex}${(++this.#made).toString(16).padStart(NONCE_HEX - this.#startHex.length, '0')}`
  }
}

/** A PEM as it is; else the raw key as a PEM. Throws without quoting it. */
function privateKeyPem(text: string): string {
  if (text.trimStart().startsWith('-----BEGIN')) return text
  const raw = Buffer.from(text, 'base64')
  if (raw.length !== RAW_KEY_BYTES && raw.length !== SEED_BYTES) {
    throw new Error('a Coinbase key is neither a PEM nor a base64 Ed25519 key')
  }
  const der = Buffer.concat([ED25519_PREFIX, raw.subarray(0, SEED_BYTES)])
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
}
