/**
 * The configuration of the hot path: strict, with the unit in every key that has one, checked once at boot, all
 * mistakes told at once. Everything has a default, so no file is needed. Secrets are named, never written here.
 */
import { z } from 'zod'
import { ACCOUNTS_MAX, CHILDREN_PER_PARENT_MAX, VENUES_MAX } from '../limits.ts'
import { PPM } from '../units/ticks.ts'
import { permissionNames } from './account.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'write 1 to 32 of a-z 0-9 _ -')
const apiKey = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'write 8 to 64 of A-Z a-z 0-9 _ -')
const secretReference = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/,
    'write env:NAME or file:PATH; the secret itself does not belong here',
  )
const decimal = z.string().regex(/^[0-9]{1,15}(\.[0-9]{1,8})?$/, 'write a decimal number as text, like "250000.5"')
const count = (max: number) => z.int().min(1).max(max)
const ratePpm = z
  .int()
  .min(-PPM / 10)
  .max(PPM / 10)

const accountConfig = z.strictObject({
  name,
  apiKey,
  secret: secretReference,
  permissions: z.array(z.enum(permissionNames)).min(1).default(['trade', 'read', 'cancel']),
  ordersPerSecond: count(10_000_000).default(10_000),
  ordersBurst: count(10_000_000).default(20_000),
  openOrdersMax: count(100_000).default(10_000),
  orderNotionalMax: decimal.default('100000000'),
})

const venueConfig = z.strictObject({
  disabled: z.boolean().default(false),
  /** Instead of the fees the market says. */
  takerPpm: ratePpm.optional(),
  makerPpm: ratePpm.optional(),
  ordersPerSecond: count(1_000_000).optional(),
  ordersBurst: count(1_000_000).optional(),
})

const gatewayConfig = z.strictObject({
  host: z.string().min(1).max(253).default('127.0.0.1'),
  /** 0: a free one. */
  port: z.int().min(0).max(65_535).default(7001),
})

const journalConfig = z.strictObject({
  /** What may be published and not yet on disk. */
  ringBytes: z
    .int()
    .min(2 ** 16)
    .max(2 ** 30)
    .refine((bytes) => Math.log2(bytes) % 1 === 0, 'write a power of two')
    .default(2 ** 24),
  segmentBytes: z
    .int()
    .min(2 ** 16)
    .max(2 ** 32)
    .default(2 ** 26),
})

const routingConfig = z.strictObject({
  /** A venue refuses a child that arrives later than this after its decision. */
  childDeadlineMs: count(60_000).default(1_000),
  /** How far from the mid an order without a limit of its own may trade. */
  slippageBpsDefault: z.number().min(0).max(10_000).default(500),
  /** Children of one decision. */
  childrenMax: count(VENUES_MAX).default(VENUES_MAX),
  /** Work budget of the search for discrete constraints. */
  searchNodesMax: count(1_000_000).default(2_000),
  reroutesMax: count(CHILDREN_PER_PARENT_MAX).default(50),
  /** Latency, staleness and what may be gone on arrival count as cost, beside fees. */
  priceOfTime: z.boolean().default(true),
  /** A venue that turns slow or loses what is sent to it is left out of new routes for seconds, while there are others. */
  failover: z.boolean().default(true),
  /** Children of one decision are held back up to this long so that they land together; 0: they leave at once. */
  arrivalWaitUsMax: z.int().min(0).max(1_000_000).default(0),
})

const liveConfig = z.strictObject({
  /** ccxt ids; none: every venue that is connected live. */
  venues: z.array(name).max(VENUES_MAX).default([]),
  /** ccxt symbols, in the order of the market's instruments. */
  symbols: z
    .array(z.string().regex(/^[A-Z0-9]{1,20}\/[A-Z0-9]{1,20}(:[A-Z0-9-]{1,40})?$/, 'write a ccxt symbol like BTC/USDT'))
    .min(1)
    .max(256)
    .default(['BTC/USDT', 'ETH/USDT', 'BTC/USD', 'ETH/USD', 'BTC/USDC', 'ETH/USDC']),
  /** ccxt ids of venues that are reached through ccxt, in a process of their own. */
  ccxt: z.array(name).max(VENUES_MAX).default([]),
  /** Other addresses of a venue: a proxy, a testnet, an emulator. */
  endpoints: z
    .record(name, z.strictObject({ rest: z.url(), publicSocket: z.url(), privateSocket: z.url() }))
    .default({}),
})
export type LiveConfig = z.infer<typeof liveConfig>

export const hotpathConfig = z
  .strictObject({
    market: z
      .string()
      .regex(/^(calibrated|live|emulated|replay:.+)$/, 'write calibrated, live, emulated or replay:DIRECTORY')
      .default('calibrated'),
    /** On the live market: simulated fills, or real orders at every venue that has keys. Nothing is ever mixed. */
    trading: z.enum(['paper', 'real']).default('paper'),
    live: liveConfig.prefault({}),
    /** Of everything that is drawn: the same seed gives the same market. */
    seed: z.int().min(0).default(1),
    /** Of a replayed market against the clock. */
    speed: z.number().positive().max(1_000).default(1),
    stateDirectory: z.string().min(1).default('.sor'),
    /** Where this machine stands, like aws-ap-northeast-1; without it no distance and no floor is claimed. */
    region: name.optional(),
    /** Links between regions, one direction each, for the ways to every venue: what `sor latency` tells of them. */
    links: z
      .array(
        z.strictObject({
          from: name,
          to: name,
          p50Ms: z.number().min(0).max(10_000),
          p99Ms: z.number().min(0).max(10_000),
          loss: z.number().min(0).max(0.99).default(0),
          kind: z.enum(['internet', 'backbone', 'fibre', 'microwave', 'local']).default('internet'),
        }),
      )
      .max(4_096)
      .default([]),
    /** Gateway and core on one thread, or the core on its own; auto: from the machine. */
    threads: z.enum(['auto', 'one', 'split']).default('auto'),
    gateway: gatewayConfig.prefault({}),
    accounts: z
      .array(accountConfig)
      .max(ACCOUNTS_MAX - 1)
      .default([]),
    journal: journalConfig.prefault({}),
    routing: routingConfig.prefault({}),
    venues: z.record(name, venueConfig).default({}),
  })
  .check((context) => {
    const { accounts } = context.value
    for (const key of ['name', 'apiKey'] as const) {
      accounts.forEach((account, at) => {
        if (accounts.findIndex((other) => other[key] === account[key]) === at) return
        context.issues.push({
          code: 'custom',
          input: undefined,
          path: ['accounts', at, key],
          message: 'an account before it has the same',
        })
      })
    }
  })

export type HotpathConfig = z.infer<typeof hotpathConfig>
/** What may be written: everything has a default. */
export type HotpathConfigInput = z.input<typeof hotpathConfig>
export type AccountConfig = HotpathConfig['accounts'][number]

/** The account every router has for its own machine, unless the configuration has one of this name. */
export const LOCAL_ACCOUNT = 'default'

/** With the limits of an account that says nothing about them. */
export function localAccount(apiKey: string): AccountConfig {
  return accountConfig.parse({ name: LOCAL_ACCOUNT, apiKey, secret: 'file:client.json' })
}

export type ConfigResult =
  | { readonly ok: true; readonly config: HotpathConfig }
  /** One line each: where, and what to write there. Values are not repeated: one may be a secret in the wrong place. */
  | { readonly ok: false; readonly errors: readonly string[] }

export function parseConfig(input: unknown): ConfigResult {
  const result = hotpathConfig.safeParse(input)
  if (result.success) return { ok: true, config: result.data }
  const errors = result.error.issues.map(({ path, message }) => `${pathText(path) || 'configuration'}: ${message}`)
  return { ok: false, errors }
}

/** Objects are merged key by key, anything else replaces: file first, command-line flags over it. */
export function mergeConfig(under: unknown, over: unknown): unknown {
  if (over === undefined) return under
  if (!isPlainObject(under) || !isPlainObject(over)) return over
  const merged: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) merged[key] = mergeConfig(merged[key], value)
  return merged
}

/** The configuration in force, as JSON text to read or to start a file from; of a secret only where it is kept. */
export function dumpConfig(config: HotpathConfig): string {
  return `${JSON.stringify(config, undefined, 2)}\n`
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** accounts[0].secret */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}
