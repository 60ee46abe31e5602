/** Moves the money of one paper venue: holds for open orders, settles fills, takes fees. Exact to the unit. */
import { assert } from '../../../shared/assert.ts'
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import { FeeSide, type Listing } from '../../../shared/domain/instrument.ts'
import { Side } from '../../../shared/domain/order.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../shared/units/ticks.ts'
import { type PaperAccount, PaperLedger } from './paper-account.ts'
import { feeUnits, type PaperMoney } from './paper-money.ts'
import type { PaperOrders } from './paper-orders.ts'

/** One instrument at one venue, as its money sees it. */
export interface PaperTerms {
  readonly listing: Listing
  readonly money: PaperMoney
  /** Asset rows. */
  readonly base: number
  readonly quote: number
}

export class PaperClearing {
  readonly #orders: PaperOrders
  readonly ledger: PaperLedger

  constructor(orders: PaperOrders, assets: number) {
    this.#orders = orders
    this.ledger = new PaperLedger(assets)
  }

  /** What an order of this size must hold: of quote with the dearer fee for a buy, of base for a sell. */
  needed(terms: PaperTerms, side: Side, limit: PriceTicks, lots: QtyLots): bigint {
    const { listing, money } = terms
    if (side === Side.sell) return money.base(lots)
    const cost = money.ceilQuote(limit, lots)
    if (listing.feeSide === FeeSide.received) return cost
    return cost + feeUnits(cost, Math.max(0, listing.takerPpm, listing.makerPpm) as RatePpm)
  }

  hold(account: PaperAccount, order: number, terms: PaperTerms, units: bigint): void {
    account.hold(this.#heldAsset(order, terms), units)
    this.#orders.held[order] = units
  }

  /** The order has ended: what it still holds is free again. */
  release(account: PaperAccount, order: number, terms: PaperTerms): void {
    account.release(this.#heldAsset(order, terms), this.#orders.held[order])
    this.#orders.held[order] = 0n
  }

  /**
   * Books one fill (`filled` of the order counted already) and answers the fee. Buyer and seller settle the same quote
   * amount, rounded down. Fees are rounded up fill by fill, which can need one unit more than the order holds: it is taken
   * from what is free, and where nothing is free the venue lets it go rather than overdraw the account.
   */
  settle(
    account: PaperAccount,
    order: number,
    terms: PaperTerms,
    liquidity: Liquidity,
    price: PriceTicks,
    lots: QtyLots,
  ): bigint {
    const { listing, money, base, quote } = terms
    const isBuy = this.#orders.side[order] === Side.buy
    const rate = liquidity === Liquidity.maker ? listing.makerPpm : listing.takerPpm
    const baseUnits = money.base(lots)
    const quoteUnits = money.floorQuote(price, lots)
    const isFeeInBase = isBuy && listing.feeSide === FeeSide.received
    let fee = feeUnits(isFeeInBase ? baseUnits : quoteUnits, rate)
    const heldAsset = this.#heldAsset(order, terms)
    const left = this.#neededStill(order, terms)
    account.release(heldAsset, this.#orders.held[order])
    if (isBuy) {
      const shortage = quoteUnits + (isFeeInBase ? 0n : fee) + left - account.free(quote)
      if (shortage > 0n) fee -= shortage
      account.move(quote, isFeeInBase ? -quoteUnits : -quoteUnits - fee)
      account.move(base, isFeeInBase ? baseUnits - fee : baseUnits)
    } else {
      account.move(base, -baseUnits)
      account.move(quote, quoteUnits - fee)
    }
    account.hold(heldAsset, left)
    this.#orders.held[order] = left
    const { fees, market } = this.ledger
    fees[isFeeInBase ? base : quote] += fee
    market[base] += isBuy ? -baseUnits : baseUnits
    market[quote] += isBuy ? quoteUnits : -quoteUnits
    return fee
  }

  #neededStill(order: number, terms: PaperTerms): bigint {
    const orders = this.#orders
    const lots = orders.left(order)
    if (lots === 0) return 0n
    return this.needed(terms, orders.side[order] as Side, orders.limit[order] as PriceTicks, lots)
  }

  #heldAsset(order: number, terms: PaperTerms): number {
    return this.#orders.side[order] === Side.buy ? terms.quote : terms.base
  }

  /** Deposits = accounts + fees + market, for every asset. */
  assertConserved(accounts: readonly (PaperAccount | undefined)[]): void {
    for (const [asset, deposit] of this.ledger.deposits.entries()) {
      let sum = this.ledger.fees[asset] + this.ledger.market[asset]
      for (const account of accounts) sum += account?.total(asset) ?? 0n
      assert(sum === deposit, 'a venue neither makes nor loses money')
    }
  }
}
