/**
 * `<stateDirectory>/client.json`: where the router listens and the key of the local account, for the command line and
 * the examples. Made at the first start, readable by its owner only, kept from then on.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LOCAL_ACCOUNT } from '../../shared/config/hotpath-config.ts'

export interface ClientFile {
  /** Empty until the router has listened once. */
  readonly url: string
  readonly account: string
  readonly apiKey: string
  readonly secret: string
}

const SECRET_LENGTH_MIN = 32

export function clientFilePath(stateDirectory: string): string {
  return path.join(stateDirectory, 'client.json')
}

/** Throws a line for people when the file is there and is not ours to use; undefined when it is not there. */
export function readClientFile(stateDirectory: string): ClientFile | undefined {
  const file = clientFilePath(stateDirectory)
  const text = readPrivateFile(file)
  if (text === undefined) return undefined
  const client = parseClientFile(text)
  if (client === undefined) throw new Error(`${file} is damaged; move it away and a new key is made`)
  return client
}

export function readOrMakeClientFile(stateDirectory: string): ClientFile {
  const kept = readClientFile(stateDirectory)
  if (kept !== undefined) return kept
  const made: ClientFile = {
    url: '',
    account: LOCAL_ACCOUNT,
    apiKey: `local-${randomBytes(12).toString('hex')}`,
    secret: randomBytes(32).toString('hex'),
  }
  writeClientFile(stateDirectory, made)
  return made
}

/** So that whoever reads the file knows where to connect, also when the port was chosen by the system. */
export function keepUrl(stateDirectory: string, url: string): void {
  const kept = readClientFile(stateDirectory)
  if (kept !== undefined && kept.url !== url) writeClientFile(stateDirectory, { ...kept, url })
}

function writeClientFile(stateDirectory: string, content: ClientFile): void {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const file = clientFilePath(stateDirectory)
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

/** Text of a file that only its owner may read; undefined when there is none, an error when others may read it. */
export function readPrivateFile(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (!stat.isFile()) throw new Error(`${file} is not a file`)
  const isOpenToOthers = process.platform !== 'win32' && (stat.mode & 0o077) !== 0
  if (isOpenToOthers) throw new Error(`${file} can be read by others; run: chmod 600 ${file}`)
  return readFileSync(file, 'utf8')
}

function parseClientFile(text: string): ClientFile | undefined {
  try {
    const { url, account, apiKey, secret } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof url !== 'string' || typeof account !== 'string' || typeof apiKey !== 'string') return undefined
    if (typeof secret !== 'string' || secret.length < SECRET_LENGTH_MIN) return undefined
    return { url, account, apiKey, secret }
  } catch {
    return undefined
  }
}
