/** RFC 4231 vectors, the exchanges' own documented examples, and node's createHmac as the slow twin. */
import { createHmac, createPublicKey, generateKeyPairSync, hash, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Ed25519Signer,
  type HmacHash,
  HmacSigner,
  JwtSigner,
} from '../../../../../hotpath/venues/native/request-signer.ts'

describe('RFC 4231', () => {
  const cases: readonly (readonly [string, Buffer, Buffer, string, string])[] = [
    [
      'case 1',
      Buffer.alloc(20, 0x0b),
      Buffer.from('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    ],
    [
      'case 2',
      Buffer.from('Jefe'),
      Buffer.from('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    ],
    [
      'case 6, a key longer than a block',
      Buffer.alloc(131, 0xaa),
      Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
    ],
  ]
  test.each(cases)('%s', (_name, key, message, sha256, sha512) => {
    expect(new HmacSigner('sha256', key, 'hex').signBytes(message)).toBe(sha256)
    expect(new HmacSigner('sha512', key, 'hex').signBytes(message)).toBe(sha512)
  })
})

describe('documented examples', () => {
  test('Binance: signed endpoint example', () => {
    const secret = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j'
    const query =
      'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559'
    expect(new HmacSigner('sha256', Buffer.from(secret), 'hex').sign(query)).toBe(
      'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
    )
  })

  test('Kraken: AddOrder example, a hash inside', () => {
    const secret = 'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=='
    const nonce = '1616492376594'
    const body = `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`
    const inner = hash('sha256', nonce + body, 'buffer')
    const signer = new HmacSigner('sha512', Buffer.from(secret, 'base64'), 'base64')
    expect(signer.signBytes(Buffer.concat([Buffer.from('/0/private/AddOrder'), inner]))).toBe(
      '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
    )
  })
})

test('HMAC is createHmac, whatever key, text and hash', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<HmacHash>('sha256', 'sha384', 'sha512'),
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 3_000 }), { minLength: 1, maxLength: 3 }),
      (name, key, messages) => {
        const signer = new HmacSigner(name, key, 'base64')
        for (const message of messages) {
          expect(signer.sign(message)).toBe(createHmac(name, key).update(message).digest('base64'))
        }
      },
    ),
  )
})

test('Ed25519 signatures verify', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const signer = new Ed25519Signer(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'base64')
  expect(verify(null, Buffer.from('a=1'), publicKey, Buffer.from(signer.sign('a=1'), 'base64'))).toBe(true)
})

test.each(['P-256', 'ed25519'])('a JWT under %s says what it was told and verifies', (kind) => {
  const { privateKey } =
    kind === 'P-256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const token = new JwtSigner(pem, { kid: 'name' }).sign({ iss: 'cdp', exp: 120 }, '7a')
  const [header, claims, signature] = token.split('.')
  const head = JSON.parse(Buffer.from(header, 'base64url').toString())
  expect(head).toMatchObject({ alg: kind === 'P-256' ? 'ES256' : 'EdDSA', typ: 'JWT', kid: 'name', nonce: '7a' })
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({ iss: 'cdp', exp: 120 })
  const key = createPublicKey(pem)
  const body = Buffer.from(`${header}.${claims}`)
  const isGood =
    kind === 'P-256'
      ? verify('sha256', body, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
      : verify(null, body, key, Buffer.from(signature, 'base64url'))
  expect(isGood).toBe(true)
})

test('an unreadable key is refused without being quoted', () => {
  expect(() => new Ed25519Signer('-----BEGIN secretsecret', 'hex')).toThrow(/not readable as PEM/)
  expect(() => new Ed25519Signer('-----BEGIN secretsecret', 'hex')).not.toThrow(/secretsecret/)
})
