/** What Coinbase tells a customer of his accounts: one for every asset, in pages. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import { assetText } from '../emulator/emulated-symbol.ts'
import { accountUuid } from './coinbase-emulator-words.ts'

const PAGE_DEFAULT = 49
const PAGE_MAX = 250
const FIAT: readonly string[] = ['USD', 'EUR', 'GBP']

export class CoinbaseAccounts {
  readonly #exchange: EmulatedExchange

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  list(account: EmulatedAccount, query: URLSearchParams): object {
    const asked = Number(query.get('limit') ?? PAGE_DEFAULT)
    const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, PAGE_MAX) : PAGE_DEFAULT
    const from = Number(query.get('cursor') ?? 0) || 0
    const rows = this.#exchange.assets.map((asset, row) => this.#row(account, asset, row))
    const hasNext = from + size < rows.length
    const accounts = rows.slice(from, from + size)
    return { accounts, has_next: hasNext, cursor: hasNext ? `${from + size}` : '', size: accounts.length }
  }

  #row(account: EmulatedAccount, currency: string, row: number): object {
    const { free, locked } = this.#exchange.balance(account, row)
    return {
      uuid: accountUuid(row),
      name: `${currency} Wallet`,
      currency,
      available_balance: { value: assetText(free), currency },
      default: true,
      active: true,
      created_at: '2023-01-01T00:00:00Z',
      updated_at: '2023-01-01T00:00:00Z',
      deleted_at: null,
      type: FIAT.includes(currency) ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
      ready: true,
      hold: { value: assetText(locked), currency },
      platform: 'ACCOUNT_PLATFORM_CONSUMER',
    }
  }
}
