/**
 * Opens one ccxt exchange. The package hides its files, and importing it whole costs 104 exchanges (96 MB): the one class is
 * imported by its path beside the package's entry, with its WebSocket half where it has one.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { KeyWords } from '../native/credentials.ts'
import type { CcxtClient } from './ccxt-client.ts'

const REQUEST_MS_MAX = 10_000

interface OpenClient extends CcxtClient {
  has: Record<string, unknown>
  urls: Record<string, unknown>
  options: Record<string, unknown>
  loadHttpProxyAgent(): Promise<unknown>
}

type ExchangeClass = new (options: Record<string, unknown>) => OpenClient

/** Throws a line for people when ccxt has no such exchange. */
export async function openCcxt(
  id: string,
  settings: { readonly keys: KeyWords | undefined; readonly urlBase: string | undefined; readonly isSpot: boolean },
): Promise<CcxtClient> {
  const { keys, urlBase, isSpot } = settings
  const Exchange = await importExchange(id)
  const client = new Exchange({
    enableRateLimit: true,
    timeout: REQUEST_MS_MAX,
    ...(keys === undefined ? {} : credentials(keys)),
  })
  // A request that may have arrived is never sent again by anybody but the router, who asks first.
  client.options['maxRetriesOnFailure'] = 0
  client.has = { ...client.has, fetchCurrencies: false }
  const markets = client.options['fetchMarkets']
  if (isSpot && isRecord(markets) && Array.isArray(markets['types'])) {
    client.options['fetchMarkets'] = { ...markets, types: ['spot'] }
  }
  if (urlBase !== undefined) {
    client.urls['api'] = rebased(client.urls['api'], urlBase)
    // Before the first plain ws:// address, or the class speaks of proxies.
    await client.loadHttpProxyAgent()
  }
  return client
}

/** Every address in a tree of them with scheme and host of `base`; paths and templates stay. */
export function rebased(tree: unknown, base: string): unknown {
  if (typeof tree === 'string') {
    const plain = base.replace(/\/+$/, '')
    return tree.replace(/^https?:\/\/[^/]+/, plain).replace(/^wss?:\/\/[^/]+/, plain.replace(/^http/, 'ws'))
  }
  if (!isRecord(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([name, branch]) => [name, rebased(branch, base)]))
}

async function importExchange(id: string): Promise<ExchangeClass> {
  const source = path.join(path.dirname(createRequire(import.meta.url).resolve('ccxt')), '..', 'js', 'src')
  const files = /^[a-z0-9]+$/.test(id) ? [path.join(source, 'pro', `${id}.js`), path.join(source, `${id}.js`)] : []
  const file = files.find((one) => existsSync(one))
  if (file === undefined) throw new Error(`ccxt has no exchange '${id}'`)
  const { default: exchange } = (await import(pathToFileURL(file).href)) as { default: ExchangeClass }
  return exchange
}

function credentials({ key, secret, passphrase, privateKey }: KeyWords): Record<string, string> {
  // A wallet's key is its address.
  const words = { apiKey: key, walletAddress: key, secret, password: passphrase, privateKey }
  return Object.fromEntries(Object.entries(words).filter(([, word]) => word !== ''))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
