/**
 * Unmodified ccxt (REST and pro) pointed at an emulated venue: only the scheme and host of its addresses are replaced, so
 * its paths, signatures, parsers and error tables are exactly what a user of the real venue runs.
 */
import ccxt, { type Exchange } from 'ccxt'
import type { AccountKey } from '../../../hotpath/venues/emulator/emulated-account.ts'

type Addresses = { [name: string]: string | Addresses }

/** Replaces scheme and host of every address, in place; keeps the paths. */
function redirect(addresses: Addresses, port: number): void {
  for (const [name, value] of Object.entries(addresses)) {
    if (typeof value !== 'string') {
      redirect(value, port)
      continue
    }
    addresses[name] = value
      .replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${port}`)
      .replace(/^wss?:\/\/[^/]+/, `ws://127.0.0.1:${port}`)
  }
}

export interface CcxtSetting {
  readonly port: number
  readonly key: Pick<AccountKey, 'apiKey' | 'secret' | 'passphrase'>
  /** Of this exchange: which markets to load, and the like. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** A ccxt.pro exchange (it has the REST calls too) that talks to the emulator only. */
export async function openCcxt(id: string, { port, key, options = {} }: CcxtSetting): Promise<Exchange> {
  const Pro = (ccxt.pro as unknown as Record<string, new (config: object) => Exchange>)[id]
  const { apiKey, secret, passphrase } = key
  const exchange = new Pro({ apiKey, secret, password: passphrase, enableRateLimit: false, options })
  redirect(exchange.urls['api'] as Addresses, port)
  exchange.has['fetchCurrencies'] = false
  // Before the first watch: else a plain ws:// address is refused as a proxy that is not set up.
  await exchange.loadHttpProxyAgent()
  return exchange
}

/** The first answer of a watch that satisfies `isIt`; fails after `timeoutMs`. */
export async function watchUntil<Answer>(
  watch: () => Promise<Answer>,
  isIt: (answer: Answer) => boolean,
  timeoutMs = 10_000,
): Promise<Answer> {
  const deadlineMs = performance.now() + timeoutMs
  for (;;) {
    const leftMs = deadlineMs - performance.now()
    if (leftMs <= 0) throw new Error('the stream never said it')
    const answer = await Promise.race([watch(), rejectAfter(leftMs)])
    if (isIt(answer)) return answer
  }
}

function rejectAfter(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the stream is silent')), ms).unref()
  })
}
