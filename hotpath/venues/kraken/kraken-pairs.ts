/**
 * Kraken's many names of one thing: a pair is XXBTZUSD (its id), XBTUSD, XBT/USD and, since WebSocket v2, BTC/USD; an asset
 * is XXBT and XBT. We know a pair by its v2 name and an asset as everybody else writes it. Learnt from AssetPairs and Assets.
 */
import { member, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'

const common: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' }
const krakens: Readonly<Record<string, string>> = { BTC: 'XBT', DOGE: 'XDG' }

export function commonAsset(altname: string): string {
  return Object.hasOwn(common, altname) ? common[altname] : altname
}

/** Kraken's short name: BTC is XBT. */
export function krakenAsset(name: string): string {
  return Object.hasOwn(krakens, name) ? krakens[name] : name
}

export class KrakenPairs {
  readonly #names = new Map<string, string>()
  readonly #pairs = new Map<string, string>()
  readonly #assets = new Map<string, string>()

  learnPairs(body: string): void {
    for (const [id, value] of Object.entries(resultOf(body))) {
      const row = wordsOf(value)
      const wsname = textOf(row, 'wsname')
      const altname = textOf(row, 'altname')
      if (wsname === '' || altname === '') continue
      const name = wsname.split('/').map(commonAsset).join('/')
      this.#pairs.set(name, altname)
      for (const text of [id, altname, wsname, name]) this.#names.set(text, name)
    }
  }

  learnAssets(body: string): void {
    for (const [id, value] of Object.entries(resultOf(body))) {
      const altname = textOf(wordsOf(value), 'altname')
      if (altname !== '') this.#assets.set(id, commonAsset(altname))
    }
  }

  /** What requests call it: BTC/USD is XBTUSD. */
  pairOf(name: string): string {
    return this.#pairs.get(name) ?? name.split('/').map(krakenAsset).join('')
  }

  /** The v2 name of whatever Kraken calls a pair; unknown ones as they are. */
  nameOf(text: string): string {
    return this.#names.get(text) ?? text
  }

  /** '' for an asset we have not heard of. */
  assetOf(id: string): string {
    return this.#assets.get(id) ?? ''
  }
}

function resultOf(body: string): Words {
  return wordsOf(member(wordsOf(parseWords(body)), 'result'))
}
