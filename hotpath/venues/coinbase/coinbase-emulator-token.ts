/** Who is asking: Coinbase's bearer tokens, verified with the public half of the key they name. */
import { createPublicKey, verify } from 'node:crypto'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import { listOf, member, numberOf, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'

const LIFE_SECONDS_MAX = 120
/** A clock that is ahead of ours by so much is forgiven. */
const LEEWAY_SECONDS = 5
const ISSUERS: readonly string[] = ['cdp', 'coinbase-cloud']

/** The account whose key made the token, valid now; undefined: nobody's. `uri`: 'GET /path'; '' for a socket. */
export function tokenHolder(
  exchange: EmulatedExchange,
  token: string,
  uri: string,
  nowMs: number,
): EmulatedAccount | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  const [header, claims] = parts
    .slice(0, 2)
    .map((part) => wordsOf(parseWords(Buffer.from(part, 'base64url').toString())))
  const kid = textOf(header, 'kid')
  const found = exchange.keyOf(kid)
  if (found === undefined || !isSigned(found.key.publicKey, header, parts)) return undefined
  return isValid(claims, kid, nowMs) && (uri === '' || isMeant(claims, uri)) ? found.account : undefined
}

function isSigned(publicKey: string, header: Words, [head, body, signature]: readonly string[]): boolean {
  const key = createPublicKey(publicKey)
  const isEc = key.asymmetricKeyType === 'ec'
  if (textOf(header, 'alg') !== (isEc ? 'ES256' : 'EdDSA')) return false
  const data = Buffer.from(`${head}.${body}`)
  const given = Buffer.from(signature, 'base64url')
  return isEc ? verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, given) : verify(null, data, key, given)
}

function isValid(claims: Words, kid: string, nowMs: number): boolean {
  const [nbf, exp, now] = [numberOf(claims, 'nbf'), numberOf(claims, 'exp'), nowMs / 1_000]
  if (textOf(claims, 'sub') !== kid || !ISSUERS.includes(textOf(claims, 'iss'))) return false
  if (nbf === 0 || exp <= nbf || exp - nbf > LIFE_SECONDS_MAX) return false
  return nbf <= now + LEEWAY_SECONDS && now < exp
}

/** `uri`, or `uris` of the newer form; with or without a scheme before the host, which is anybody's here. */
function isMeant(claims: Words, uri: string): boolean {
  const [method, path] = uri.split(' ')
  const named = [member(claims, 'uri'), ...listOf(member(claims, 'uris'))].filter((one) => typeof one === 'string')
  return named.some((one) => {
    const [asked, address] = one.split(' ')
    return asked === method && (address ?? '').replace(/^https?:\/\//, '').replace(/^[^/]*/, '') === path
  })
}
