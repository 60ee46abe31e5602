/**
 * Kraken's API-Sign: HMAC-SHA512 over the path and SHA-256(nonce + body), with nonces that only grow. A request that is
 * overtaken by a later one on its way is refused (EAPI:Invalid nonce) unless the key has a nonce window: give it one.
 * Source: docs.kraken.com, "Spot REST Authentication".
 */
import { hash } from 'node:crypto'
import { HmacSigner } from '../native/request-signer.ts'

const DIGEST_BYTES = 32

export class KrakenSigner {
  readonly #signer: HmacSigner
  /** Path and room for the digest behind it, by path. */
  readonly #messages = new Map<string, Buffer>()
  readonly #lastNonce = new Float64Array(1)

  /** `secret`: base64, as Kraken hands it out. */
  constructor(secret: string) {
    this.#signer = new HmacSigner('sha512', Buffer.from(secret, 'base64'), 'base64')
  }

  /** Milliseconds, as Kraken advises, and one more where the last one was as high. */
  nonce(nowMs: number): number {
    const nonce = Math.max(Math.floor(nowMs), this.#lastNonce[0] + 1)
    this.#lastNonce[0] = nonce
    return nonce
  }

  /** `body` as it is sent, with its nonce. */
  sign(path: string, nonce: number, body: string): string {
    let message = this.#messages.get(path)
    if (message === undefined) {
      message = Buffer.alloc(path.length + DIGEST_BYTES)
      message.write(path, 'latin1')
      this.#messages.set(path, message)
    }
    message.write(hash('sha256', nonce + body, 'binary'), path.length, 'latin1')
    return this.#signer.signBytes(message)
  }
}
