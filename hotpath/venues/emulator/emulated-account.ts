/** A customer of an emulated venue: keys that were made up here, and a row in the matching engine. */

export interface AccountKey {
  readonly apiKey: string
  /** Shared secret in the form the venue hands out; of a key pair: the private key, PEM, which the venue never uses. */
  readonly secret: string
  /** Where the venue has one; else ''. */
  readonly passphrase: string
  /** PEM; '' for a shared secret. */
  readonly publicKey: string
}

export interface EmulatedAccount {
  readonly index: number
  readonly name: string
  readonly keys: readonly AccountKey[]
}
