/** Reads the configuration at boot: the file, the command-line flags over it, and the secrets it names. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Account, Permission, Secret } from '../../shared/config/account.ts'
import {
  type AccountConfig,
  type HotpathConfig,
  type HotpathConfigInput,
  LOCAL_ACCOUNT,
  localAccount,
  mergeConfig,
  parseConfig,
} from '../../shared/config/hotpath-config.ts'
import type { AccountIndex } from '../../shared/units/ids.ts'
import { readOrMakeClientFile, readPrivateFile } from './client-file.ts'

export const CONFIG_FILE_DEFAULT = 'sor.config.json'
const SECRET_LENGTH_MIN = 16

export interface ConfigSource {
  /** --config FILE; without it sor.config.json of the working directory, if there is one. */
  readonly file?: string
  readonly flags?: HotpathConfigInput
  readonly environment: Readonly<Record<string, string | undefined>>
}

export type LoadedConfig =
  | {
      readonly ok: true
      readonly config: HotpathConfig
      /** The local account first, then those of the configuration in their order. */
      readonly accounts: readonly Account[]
      /** What was read, or undefined when there was no file. */
      readonly file: string | undefined
    }
  | { readonly ok: false; readonly errors: readonly string[] }

/** Also makes the state directory and the local account's key. Every mistake is a line for people. */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const file = source.file ?? (existsSync(CONFIG_FILE_DEFAULT) ? CONFIG_FILE_DEFAULT : undefined)
  const written = file === undefined ? { ok: true as const, value: {} } : readJson(file)
  if (!written.ok) return { ok: false, errors: [written.error] }
  const parsed = parseConfig(mergeConfig(written.value, source.flags))
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map((line) => (file ? `${file}: ${line}` : line)) }
  const errors: string[] = []
  const folder = path.dirname(path.resolve(file ?? CONFIG_FILE_DEFAULT))
  const accounts = parsed.config.accounts.map((account, at) =>
    resolveAccount(account, () => readSecret(account.secret, folder, source.environment), errors, `accounts[${at}]`),
  )
  if (!parsed.config.accounts.some(({ name }) => name === LOCAL_ACCOUNT)) {
    accounts.unshift(makeLocalAccount(parsed.config.stateDirectory, errors))
  }
  if (errors.length > 0) return { ok: false, errors }
  return { ok: true, config: parsed.config, accounts: accounts.map(withIndex), file }
}

function makeLocalAccount(stateDirectory: string, errors: string[]): Omit<Account, 'index'> {
  try {
    const client = readOrMakeClientFile(stateDirectory)
    return resolveAccount(localAccount(client.apiKey), () => client.secret, errors, LOCAL_ACCOUNT)
  } catch (error) {
    errors.push(error instanceof Error ? error.message : `${stateDirectory} cannot be used`)
    return resolveAccount(localAccount('unusable'), () => '', [], LOCAL_ACCOUNT)
  }
}

function resolveAccount(
  account: AccountConfig,
  secretOf: () => string,
  errors: string[],
  where: string,
): Omit<Account, 'index'> {
  let secret = ''
  try {
    secret = secretOf()
    if (secret.length < SECRET_LENGTH_MIN) errors.push(`${where}.secret: shorter than ${SECRET_LENGTH_MIN} characters`)
  } catch (error) {
    errors.push(`${where}.secret: ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
  const permissions = account.permissions.reduce((bits, name) => bits | Permission[name], 0)
  return { ...account, secret: new Secret(secret), permissions }
}

function withIndex(account: Omit<Account, 'index'>, index: number): Account {
  return { ...account, index: index as AccountIndex }
}

function readSecret(reference: string, folder: string, environment: ConfigSource['environment']): string {
  const [scheme, ...rest] = reference.split(':')
  const name = rest.join(':')
  if (scheme === 'env') {
    const value = environment[name]
    if (value === undefined) throw new Error(`the environment has no ${name}`)
    return value
  }
  const text = readPrivateFile(path.resolve(folder, name))
  if (text === undefined) throw new Error(`there is no file ${name}`)
  return text.trim()
}

function readJson(
  file: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return { ok: false, error: `${file}: cannot be read` }
  }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, error: `${file}: is not JSON` }
  }
}
