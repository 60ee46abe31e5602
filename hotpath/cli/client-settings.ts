/** Where the router is and who we are: from the environment, else from client.json that `npm start` leaves behind. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure, ExitCode } from './exit-code.ts'

export const STATE_DIRECTORY_DEFAULT = '.sor'
export const SETTINGS_FILE = 'client.json'

export interface ClientSettings {
  /** ws:// or wss://, path included. */
  readonly url: string
  readonly apiKey: string
  readonly secret: string
}

/** SOR_URL, SOR_API_KEY and SOR_API_SECRET win one by one over the file. Throws a cannot-connect failure. */
export function readClientSettings(
  stateDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
): ClientSettings {
  const file = join(stateDirectory, SETTINGS_FILE)
  const { SOR_URL, SOR_API_KEY, SOR_API_SECRET } = environment
  const isWhole = SOR_URL !== undefined && SOR_API_KEY !== undefined && SOR_API_SECRET !== undefined
  const kept = isWhole ? {} : readSettingsFile(file)
  const settings = {
    url: SOR_URL ?? kept.url,
    apiKey: SOR_API_KEY ?? kept.apiKey,
    secret: SOR_API_SECRET ?? kept.secret,
  }
  const { url, apiKey, secret } = settings
  if (url === undefined || apiKey === undefined || secret === undefined) {
    throw new CommandFailure(
      ExitCode.cannotConnect,
      `no router is known: there is no ${file}. Start one with npm start, name its folder with --state DIR, ` +
        'or set SOR_URL, SOR_API_KEY and SOR_API_SECRET',
    )
  }
  if (url === '') {
    throw new CommandFailure(
      ExitCode.cannotConnect,
      `the router of ${file} has not listened yet: start it with npm start`,
    )
  }
  if (!/^wss?:\/\/[^\s]+$/.test(url)) {
    throw new CommandFailure(ExitCode.cannotConnect, `'${url}' is not a router's address: ws://host:port/v1/orders`)
  }
  return { url, apiKey, secret }
}

/** An absent file is no settings; a broken one is said. */
export function readSettingsFile(file: string): Partial<ClientSettings> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new CommandFailure(ExitCode.cannotConnect, `cannot read ${file}: ${(error as Error).message}`)
  }
  const settings = parseSettings(text)
  if (settings === undefined) {
    throw new CommandFailure(ExitCode.cannotConnect, `${file} is not {url, apiKey, secret}: npm start writes a new one`)
  }
  return settings
}

function parseSettings(text: string): ClientSettings | undefined {
  try {
    const { url, apiKey, secret } = JSON.parse(text) as Record<string, unknown>
    if (typeof url !== 'string' || typeof apiKey !== 'string' || typeof secret !== 'string') return undefined
    return { url, apiKey, secret }
  } catch {
    return undefined
  }
}
