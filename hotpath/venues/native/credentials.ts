/**
 * The account's keys at one venue, from the environment or from a file that only its owner can read. Nothing here prints
 * itself: not by name, not as JSON, not under a debugger's inspect; errors name the variable or the file, never a value.
 */
import { readFileSync, statSync } from 'node:fs'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const HIDDEN = 'Credentials(hidden)'
/** Read or write by group or others. */
const OTHERS = 0o077
const FILE_BYTES_MAX = 65_536
const KEYS_FILE = 'SOR_KEYS_FILE'
const KEY_NAME = /^(SOR_[A-Z0-9_]+?)_(?:KEY|SECRET|PASSPHRASE|PRIVATE_KEY)$/
/** Shorter words would blot out ordinary text. */
const REDACTED_CHARS_MIN = 6

export interface KeyWords {
  readonly key: string
  /** '' where a private key signs. */
  readonly secret: string
  /** '' where the venue has none. */
  readonly passphrase: string
  /** PEM, '' where a secret signs. */
  readonly privateKey: string
}

export class Credentials implements KeyWords {
  readonly #words: KeyWords

  constructor(words: Partial<KeyWords>) {
    this.#words = { key: '', secret: '', passphrase: '', privateKey: '', ...words }
  }

  get key(): string {
    return this.#words.key
  }
  get secret(): string {
    return this.#words.secret
  }
  get passphrase(): string {
    return this.#words.passphrase
  }
  get privateKey(): string {
    return this.#words.privateKey
  }

  /** The text without any of these keys: for samples of what a venue sent. */
  redact(text: string): string {
    let clean = text
    for (const word of Object.values(this.#words)) {
      if (word.length >= REDACTED_CHARS_MIN) clean = clean.replaceAll(word, '[hidden]')
    }
    return clean
  }

  toString(): string {
    return HIDDEN
  }
  toJSON(): string {
    return HIDDEN
  }
  [INSPECT](): string {
    return HIDDEN
  }
}

/**
 * SOR_<VENUE>_KEY with _SECRET or _PRIVATE_KEY, and _PASSPHRASE; else the venue's entry ({ key, secret, passphrase,
 * privateKey }) of the JSON file named by SOR_KEYS_FILE. Undefined: this venue has no keys. Throws on half a key and on a
 * file that others can read.
 */
export function readCredentials(
  venueId: string,
  environment: Readonly<Record<string, string | undefined>>,
): Credentials | undefined {
  const prefix = prefixOf(venueId)
  const words = {
    key: environment[`${prefix}_KEY`] ?? '',
    secret: environment[`${prefix}_SECRET`] ?? '',
    passphrase: environment[`${prefix}_PASSPHRASE`] ?? '',
    privateKey: environment[`${prefix}_PRIVATE_KEY`] ?? '',
  }
  if (Object.values(words).some((word) => word !== '')) return checked(words, `${prefix}_*`)
  const path = environment[KEYS_FILE] ?? ''
  return path === '' ? undefined : readKeyFile(path, venueId)
}

/** The environment without keys, but for those of these venues: what another process is given to know. */
export function withoutKeys(
  environment: Readonly<Record<string, string | undefined>>,
  venues: readonly string[],
): Record<string, string | undefined> {
  const prefixes = venues.map(prefixOf)
  const isKept = (name: string): boolean => {
    if (name === KEYS_FILE) return venues.length > 0
    const found = KEY_NAME.exec(name)
    return found === null || prefixes.includes(found[1])
  }
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isKept(name)))
}

function prefixOf(venueId: string): string {
  return `SOR_${venueId.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}

/** The venue's keys of a file `{ "<venue>": { "key": ..., "secret": ... } }`; undefined when it names none. */
export function readKeyFile(path: string, venueId: string): Credentials | undefined {
  const { mode, size } = statSync(path)
  if ((mode & OTHERS) !== 0) throw new Error(`${path} can be read or written by others: chmod 600 first`)
  if (size > FILE_BYTES_MAX) throw new Error(`${path} is no key file: too large`)
  const file = parseKeyFile(readFileSync(path, 'utf8'), path)
  const entry = Object.hasOwn(file, venueId) ? file[venueId] : undefined
  if (entry === undefined) return undefined
  if (typeof entry !== 'object' || entry === null) throw new Error(`${path}: ${venueId} is not an object`)
  const word = (name: keyof KeyWords): string => {
    const value = Object.hasOwn(entry, name) ? (entry as Record<string, unknown>)[name] : ''
    if (typeof value !== 'string') throw new Error(`${path}: ${venueId}.${name} is not a text`)
    return value
  }
  const words = {
    key: word('key'),
    secret: word('secret'),
    passphrase: word('passphrase'),
    privateKey: word('privateKey'),
  }
  return checked(words, `${path}: ${venueId}`)
}

/** JSON.parse puts what it read into its error: that error must not get out. */
function parseKeyFile(text: string, path: string): Record<string, unknown> {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw new Error(`${path} is not JSON`)
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) throw new Error(`${path} is not an object`)
  return file as Record<string, unknown>
}

function checked(words: KeyWords, where: string): Credentials {
  if (words.key === '') throw new Error(`${where}: the key is missing`)
  if (words.secret === '' && words.privateKey === '') throw new Error(`${where}: neither secret nor private key`)
  return new Credentials(words)
}
