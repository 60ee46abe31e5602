/**
 * How our child ids look at each venue, and back. A venue is in the table when its ccxt class has been seen to put our
 * id into the request (the test sends one through every class here): a parameter that a class passes by unread gives the
 * order a stranger's id, and an order that cannot be found again may be sent twice. Who is not here is feed only.
 *
 *   text      our 15 characters as they are
 *   uuid      eeeeeeee-pppp-4ppp-8ppp-pppp0000cccc: epoch 32 bits, parent 4+3+3+4 digits (56 bits), child 16 bits
 *   integer   epoch 21 bits | parent 32 bits | child 10 bits = 63 bits; a larger parent or child has no such id
 */
import {
  CHILD_SEQUENCE_MAX,
  EPOCH_MAX,
  formatChildId,
  PARENT_SEQUENCE_MAX,
  parseChildId,
} from '../../../shared/units/ids.ts'

export type ClientIdFormat = 'text' | 'uuid' | 'integer'

export interface ChildIdentity {
  readonly epoch: number
  readonly parent: number
  readonly sequence: number
}

export interface ClientIdRule {
  readonly format: ClientIdFormat
  /** Parameter of createOrder. */
  readonly param: string
  /** What the venue (or ccxt) puts in front. */
  readonly prefix: string
  /** How an order is asked for by our id: a parameter of fetchOrder, its id argument ('id'), or not at all (''). */
  readonly query: string
}

const text: ClientIdRule = { format: 'text', param: 'clientOrderId', prefix: '', query: '' }
const byParameter: ClientIdRule = { ...text, query: 'clientOrderId' }
/** These classes use the client id as the order's id everywhere and pass only the venue's own parameter on. */
const hitbtcFamily: ClientIdRule = { ...text, param: 'client_order_id', query: 'id' }
/** 't-' is the venue's; the class adds it on the way out and leaves it on the way in. */
const gateFamily: ClientIdRule = { ...text, prefix: 't-', query: 'id' }

const rules: Readonly<Record<string, ClientIdRule>> = {
  bequant: hitbtcFamily,
  bingx: text,
  bitget: byParameter,
  bullish: { ...byParameter, format: 'integer' },
  bybiteu: text,
  coinbaseexchange: { ...byParameter, format: 'uuid' },
  fmfwio: hitbtcFamily,
  gate: gateFamily,
  gateeu: gateFamily,
  hashkey: byParameter,
  hitbtc: hitbtcFamily,
  htx: byParameter,
  kucoin: byParameter,
  mexc: byParameter,
  myokx: byParameter,
  okxus: byParameter,
  whitebit: text,
}

export const clientIdVenues: readonly string[] = Object.keys(rules)

/** Undefined: our ids cannot be trusted there. */
export function clientIdRule(venue: string): ClientIdRule | undefined {
  return Object.hasOwn(rules, venue) ? rules[venue] : undefined
}

/** What createOrder is given, or undefined when this identity does not fit the venue's alphabet. */
export function formatClientId(format: ClientIdFormat, { epoch, parent, sequence }: ChildIdentity): string | undefined {
  if (format === 'text') return formatChildId(epoch, parent, sequence)
  if (format === 'integer') {
    if (parent >= 2 ** 32 || sequence >= 2 ** 10) return undefined
    return ((BigInt(epoch) << 42n) | (BigInt(parent) << 10n) | BigInt(sequence)).toString()
  }
  const e = epoch.toString(16).padStart(8, '0')
  const p = parent.toString(16).padStart(14, '0')
  const c = sequence.toString(16).padStart(12, '0')
  return `${e}-${p.slice(0, 4)}-4${p.slice(4, 7)}-8${p.slice(7, 10)}-${p.slice(10)}${c.slice(4)}`
}

/** The identity in what a venue calls the client's id, or undefined when it is not one of ours. */
export function parseClientId({ format, prefix }: ClientIdRule, told: string | undefined): ChildIdentity | undefined {
  if (told === undefined) return undefined
  const own = told.startsWith(prefix) ? told.slice(prefix.length) : told
  switch (format) {
    case 'text':
      return parseChildId(own)
    case 'integer':
      return parseInteger(own)
    case 'uuid':
      return parseUuid(/^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-8([0-9a-f]{3})-([0-9a-f]{12})$/.exec(own))
  }
}

function parseInteger(own: string): ChildIdentity | undefined {
  if (!/^[0-9]{1,19}$/.test(own)) return undefined
  const bits = BigInt(own)
  const identity = {
    epoch: Number(bits >> 42n),
    parent: Number((bits >> 10n) & 0xffff_ffffn),
    sequence: Number(bits & 0x3ffn),
  }
  // Small numbers and times in milliseconds are other people's: ours count all three from 1.
  const { epoch, parent, sequence } = identity
  return epoch > 0 && parent > 0 && sequence > 0 ? checked(identity) : undefined
}

function parseUuid(found: RegExpExecArray | null): ChildIdentity | undefined {
  if (found === null) return undefined
  const [, epoch, p0, p1, p2, last] = found
  if (!last.startsWith('0000', 4)) return undefined
  return checked({
    epoch: Number.parseInt(epoch, 16),
    parent: Number.parseInt(p0 + p1 + p2 + last.slice(0, 4), 16),
    sequence: Number.parseInt(last.slice(8), 16),
  })
}

function checked(identity: ChildIdentity): ChildIdentity | undefined {
  const { epoch, parent, sequence } = identity
  const fits = epoch <= EPOCH_MAX && parent <= PARENT_SEQUENCE_MAX && sequence <= CHILD_SEQUENCE_MAX
  return fits ? identity : undefined
}
