/** What OKX tells one customer: balances, fee rates, and the orders and account channels. */

import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText } from '../emulator/emulated-symbol.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { OrderNewsKind } from '../emulator/exchange-options.ts'
import type { Words } from '../native/json-words.ts'
import { FEE_GROUP } from './okx-emulator-catalogue.ts'
import { word } from './okx-emulator-desk.ts'
import { missing, type OkxRefusal, refusals } from './okx-emulator-refusal.ts'
import { feeText, fillWords, orderRow, rateText, SPOT } from './okx-emulator-words.ts'

export interface AccountListener {
  readonly account: EmulatedAccount
  /** A row of the orders channel. */
  hearOrder(row: object, symbolName: string): void
  /** A row of the account channel. */
  hearBalances(row: object): void
}

export class OkxAccounts {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  readonly #listeners = new Set<AccountListener>()

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#faults = faults
  }

  // Over REST.

  balance(account: EmulatedAccount, asked: Words): object[] {
    const wanted = word(asked, 'ccy')
    const { assets } = this.#exchange
    const rows = assets.map((_, row) => row).filter((row) => wanted === '' || wanted.split(',').includes(assets[row]))
    return [this.#balanceRow(account, rows)]
  }

  config(account: EmulatedAccount): object[] {
    const uid = `${account.index + 1}`
    return [
      {
        acctLv: '1',
        acctStpMode: 'cancel_maker',
        autoLoan: false,
        feeType: '0',
        ip: '',
        kycLv: '3',
        label: 'emulated',
        level: 'Lv1',
        mainUid: uid,
        perm: 'read_only,trade',
        posMode: 'net_mode',
        roleType: '0',
        type: '0',
        uid,
      },
    ]
  }

  /** The rate of a symbol, or the first symbol's: all are in one group. */
  tradeFee(asked: Words): object[] | OkxRefusal {
    const name = word(asked, 'instId')
    if (word(asked, 'instType') === '') return missing('instType')
    const symbol = name === '' ? this.#exchange.symbols[0] : this.#exchange.symbol(name)
    if (symbol === undefined) return refusals.unknownSymbol
    const rates = { maker: rateText(symbol.listing.makerPpm), taker: rateText(symbol.listing.takerPpm) }
    return [
      {
        category: '1',
        delivery: '',
        exercise: '',
        feeGroup: [{ elpMaker: '', groupId: FEE_GROUP, ...rates }],
        fiat: [],
        instType: SPOT,
        level: 'Lv1',
        ...rates,
        makerU: '',
        makerUSDC: rates.maker,
        ruleType: 'normal',
        takerU: '',
        takerUSDC: rates.taker,
        ts: `${this.#exchange.nowMs}`,
      },
    ]
  }

  // The channels.

  listen(listener: AccountListener): void {
    this.#listeners.add(listener)
  }

  leave(listener: AccountListener): void {
    this.#listeners.delete(listener)
  }

  /** `amendId`: what the customer called the amendment under way. */
  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined, amendId: string): void {
    const row = this.#pushRow(order, kind, trade, amendId)
    this.#say(order.account, (listener) => listener.hearOrder(row, order.symbol.name))
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    const row = this.#balanceRow(account, [...assets], true)
    this.#say(account, (listener) => listener.hearBalances(row))
  }

  /** In the channel the fill is that of this message, and an average of nothing is 0. */
  #pushRow(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined, amendId: string): object {
    const row = orderRow(order, this.#exchange)
    const isAmended = kind === 'replaced'
    return {
      ...row,
      ...fillWords(order, trade),
      amendResult: isAmended ? '0' : '',
      amendSource: isAmended ? '1' : '',
      avgPx: row.avgPx || '0',
      code: '0',
      execType: trade === undefined ? '' : trade.isMaker ? 'M' : 'T',
      fillFee: trade === undefined ? '0' : feeText(trade.fee),
      fillFeeCcy: trade === undefined ? '' : this.#exchange.assets[trade.feeAsset],
      fillNotionalUsd: '',
      fillPnl: '0',
      fillSz: trade === undefined ? '0' : order.symbol.lotsText(trade.lots),
      lastPx: order.symbol.priceText(this.#exchange.tape(order.symbol).lastTicks),
      msg: '',
      notionalUsd: '',
      reqId: amendId,
    }
  }

  /** Over REST only what there is; in the channel also what has become zero. */
  #balanceRow(account: EmulatedAccount, assets: readonly number[], hasZeros = false): object {
    const uTime = `${this.#exchange.nowMs}`
    const details = assets
      .map((asset) => ({ ccy: this.#exchange.assets[asset], ...this.#exchange.balance(account, asset) }))
      .filter(({ free, locked }) => hasZeros || free + locked > 0n)
      .map(({ ccy, free, locked }) => {
        const total = assetText(free + locked)
        return {
          availBal: assetText(free),
          availEq: assetText(free),
          cashBal: total,
          ccy,
          disEq: '0',
          eq: total,
          eqUsd: '',
          frozenBal: assetText(locked),
          ordFrozen: assetText(locked),
          spotBal: total,
          uTime,
        }
      })
    return {
      adjEq: '',
      details,
      imr: '',
      isoEq: '',
      mgnRatio: '',
      mmr: '',
      notionalUsd: '',
      ordFroz: '',
      totalEq: '',
      uTime,
    }
  }

  #say(account: EmulatedAccount, tell: (listener: AccountListener) => void): void {
    const heard = [...this.#listeners].filter((listener) => listener.account === account)
    if (heard.length === 0) return
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of heard) tell(listener)
  }
}
