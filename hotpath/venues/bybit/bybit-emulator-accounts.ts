/** What Bybit tells one customer: balances, fee rates, and the order, execution and wallet topics. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText } from '../emulator/emulated-symbol.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { Words } from '../native/json-words.ts'
import { word } from './bybit-emulator-desk.ts'
import { type BybitRefusal, refusal, refusals } from './bybit-emulator-refusal.ts'
import { executionRow, orderRow, rateText, SPOT } from './bybit-emulator-words.ts'

export type PrivateTopic = 'order' | 'execution' | 'wallet'

export interface AccountListener {
  readonly account: EmulatedAccount
  hearTopic(topic: PrivateTopic, row: object): void
}

export class BybitAccounts {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  readonly #listeners = new Set<AccountListener>()

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#faults = faults
  }

  // Over REST.

  walletBalance(account: EmulatedAccount, asked: Words): object | BybitRefusal {
    if (word(asked, 'accountType') !== 'UNIFIED') return refusal(10001, 'accountType only support UNIFIED.')
    const wanted = word(asked, 'coin')
    const { assets } = this.#exchange
    const rows = assets.map((_, row) => row).filter((row) => wanted === '' || wanted.split(',').includes(assets[row]))
    return { list: [this.#walletRow(account, rows, wanted !== '')] }
  }

  feeRate(asked: Words): object | BybitRefusal {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    const name = word(asked, 'symbol')
    const wanted = this.#exchange.symbols.filter((symbol) => name === '' || symbol.name === name)
    if (wanted.length === 0) return refusals.unknownSymbol
    const list = wanted.map((symbol) => ({
      symbol: symbol.name,
      baseCoin: '',
      takerFeeRate: rateText(symbol.listing.takerPpm),
      makerFeeRate: rateText(symbol.listing.makerPpm),
    }))
    return { list }
  }

  /** A unified account of the newest kind. */
  accountInfo(): object {
    return {
      marginMode: 'REGULAR_MARGIN',
      updatedTime: `${this.#exchange.nowMs}`,
      unifiedMarginStatus: 6,
      dcpStatus: 'OFF',
      timeWindow: 10,
      smpGroup: 0,
      isMasterTrader: false,
      spotHedgingStatus: 'OFF',
    }
  }

  /** The key's own words are not repeated. */
  keyInfo(account: EmulatedAccount): object {
    return {
      id: `${account.index + 1}`,
      note: 'emulated',
      readOnly: 0,
      permissions: { Spot: ['SpotTrade'] },
      ips: ['*'],
      type: 1,
      unified: 0,
      uta: 1,
      userID: account.index + 1,
      isMaster: true,
    }
  }

  // The topics.

  listen(listener: AccountListener): void {
    this.#listeners.add(listener)
  }

  leave(listener: AccountListener): void {
    this.#listeners.delete(listener)
  }

  /** A fill is told twice: as an execution, and as what it made of the order. */
  onOrder(order: EmulatedOrder, trade: EmulatedTrade | undefined): void {
    if (trade !== undefined) {
      const execution = executionRow(trade, this.#exchange)
      this.#say(order.account, 'execution', {
        category: SPOT,
        ...execution,
        isLeverage: '0',
        feeCoin: execution.feeCurrency,
      })
    }
    this.#say(order.account, 'order', { category: SPOT, ...orderRow(order, this.#exchange) })
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    this.#say(account, 'wallet', this.#walletRow(account, [...assets], true))
  }

  #walletRow(account: EmulatedAccount, assets: readonly number[], hasZeros: boolean): object {
    const coin = assets
      .map((asset) => ({ coin: this.#exchange.assets[asset], ...this.#exchange.balance(account, asset) }))
      .filter(({ free, locked }) => hasZeros || free + locked > 0n)
      .map(({ coin: name, free, locked }) => {
        const total = assetText(free + locked)
        return {
          coin: name,
          equity: total,
          usdValue: '',
          walletBalance: total,
          availableToWithdraw: '',
          availableToBorrow: '',
          borrowAmount: '0',
          accruedInterest: '0',
          totalOrderIM: '0',
          totalPositionIM: '0',
          totalPositionMM: '0',
          unrealisedPnl: '0',
          cumRealisedPnl: '0',
          bonus: '0',
          collateralSwitch: true,
          marginCollateral: true,
          locked: assetText(locked),
          spotHedgingQty: '0',
          spotBorrow: '0',
        }
      })
    return {
      accountType: 'UNIFIED',
      accountIMRate: '',
      accountMMRate: '',
      totalEquity: '',
      totalWalletBalance: '',
      coin,
    }
  }

  #say(account: EmulatedAccount, topic: PrivateTopic, row: object): void {
    const heard = [...this.#listeners].filter((listener) => listener.account === account)
    if (heard.length === 0) return
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of heard) listener.hearTopic(topic, row)
  }
}
