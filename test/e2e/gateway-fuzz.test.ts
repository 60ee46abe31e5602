/**
 * A hundred thousand messages that nobody should send: nothing throws, every one has exactly one known answer, the
 * same in two gateways that saw the same history, and what is refused changes nothing. A failing seed is printed.
 */
import { expect, test } from 'vitest'
import { assert } from '../../shared/assert.ts'
import { DenyReason, denyReasonNames } from '../../shared/domain/deny-reason.ts'
import { GATEWAY_MESSAGE_BYTES_MAX } from '../../shared/limits.ts'
import { Prng } from '../../shared/prng.ts'
import {
  beginOrderFrame,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  writeClientId,
} from '../../shared/wire/order-frame.ts'
import { isReportFrame, ReportField, ReportKind } from '../../shared/wire/report-frame.ts'
import { writeInt64 } from '../../shared/wire/wide-integer.ts'
import { MemoryGateway } from './gateway/memory-gateway.ts'
import type { MemorySocket } from './gateway/memory-transport.ts'
import { START_US, smallAccounts } from './gateway/small-market.ts'

const SEED = 20_260_101
const TEXTS = 60_000
const FRAMES = 40_000

class World extends MemoryGateway {
  socket: MemorySocket

  constructor() {
    super({ accounts: smallAccounts({ ordersPerSecond: 10_000_000, ordersBurst: 10_000_000 }), parentsMax: 1 << 10 })
    this.socket = this.logOn()
  }
}

const good = [
  { op: 'new', clientOrderId: 'id-0', symbol: 'BTC/USDT', side: 'buy', type: 'limit', quantity: '1', price: '60000' },
  {
    op: 'new',
    clientOrderId: 'id-1',
    symbol: 'ETH/BTC',
    side: 'sell',
    type: 'market',
    quantity: '0.5',
    limits: { slippageBps: 5 },
  },
  {
    op: 'new',
    clientOrderId: 'id-2',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'market',
    quoteQuantity: '10',
    venues: { include: ['alpha'] },
  },
  {
    op: 'new',
    clientOrderId: 'id-3',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'limit',
    quantity: '1',
    price: '1',
    timeInForce: 'GTD',
    expireTime: START_US,
  },
  { op: 'cancel', clientOrderId: 'id-0' },
  { op: 'replace', orderId: '1', quantity: '2', price: '3' },
  { op: 'status', orderId: '1' },
  { op: 'massCancel', symbol: 'BTC/USDT' },
  { op: 'quote', symbol: 'BTC/USDT', side: 'sell', quantity: '1' },
  { op: 'explain', clientOrderId: 'id-0' },
  { op: 'report', orderId: '1' },
  { op: 'subscribe', channel: 'book', symbol: 'BTC/USDT', depth: 5, intervalMs: 50 },
  { op: 'unsubscribe', channel: 'trades' },
  { op: 'logon', apiKey: 'key-of-main', timestamp: 1, nonce: 1, signature: 'ab' },
  { op: 'ping', id: 5 },
]

/** Values that have broken parsers before. */
const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  0.1,
  1e21,
  1e308,
  2 ** 53,
  '',
  ' ',
  '0',
  '-0',
  '+1',
  '1e5',
  '.5',
  '5.',
  '00.10',
  'NaN',
  'Infinity',
  '9'.repeat(40),
  `0.${'0'.repeat(40)}1`,
  '١',
  '1,5',
  '\u0000',
  '\ud800',
  '💥',
  '__proto__',
  'constructor',
  'toString',
  [],
  {},
  [[]],
  { '': 0 },
  { include: null },
  { include: [{}] },
  'buy',
  'limit',
  'GTC',
  'x'.repeat(300),
  "'; DROP TABLE",
] // prettier-ignore

const keys = [...new Set(good.flatMap((message) => Object.keys(message)))]
const names = [...keys, 'id', '__proto__', 'constructor', 'hasOwnProperty', '', 'OP', 'orderQty']

function pick<T>(random: Prng, list: readonly T[]): T {
  return list[random.nextBelow(list.length)]
}

function nastyText(random: Prng): string {
  const message: Record<string, unknown> = { ...pick(random, good) }
  // Most accepted orders are new ones: a repeated id only asks how the first one stands.
  if (message['op'] === 'new' && random.chance(0.3)) message['clientOrderId'] = `id-${random.nextBelow(20_000)}`
  for (let changes = random.nextBelow(3); changes > 0; changes--) {
    const name = pick(random, random.chance(0.8) ? Object.keys(message) : names)
    if (random.chance(0.2)) delete message[name]
    else
      Object.defineProperty(message, name, {
        value: pick(random, nasty),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  let text = JSON.stringify(message)
  if (random.chance(0.25)) text = spoilText(random, text)
  return text
}

function spoilText(random: Prng, text: string): string {
  const at = random.nextBelow(text.length + 1)
  switch (random.nextBelow(6)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + String.fromCharCode(random.nextBelow(0x3000)) + text.slice(at)
    case 2:
      return text + text
    case 3:
      return '['.repeat(random.nextBelow(GATEWAY_MESSAGE_BYTES_MAX))
    case 4:
      return text.replaceAll('"', random.chance(0.5) ? "'" : '')
    default:
      return text.replace('{', `{"${pick(random, names)}":1e999,`)
  }
}

function nastyFrame(random: Prng): Uint8Array {
  const bytes = new Uint8Array(ORDER_FRAME_BYTES)
  const view = new DataView(bytes.buffer)
  beginOrderFrame(view, FrameKind.new, random.nextUint32())
  view.setUint8(OrderField.kind, 1 + random.nextBelow(6))
  if (view.getUint8(OrderField.kind) === FrameKind.new) {
    for (const at of [OrderField.side, OrderField.type, OrderField.timeInForce])
      view.setUint8(at, 1 + random.nextBelow(3))
    writeInt64(view, OrderField.lots, 1 + random.nextBelow(1_000))
    if (random.chance(0.5)) writeInt64(view, OrderField.priceTicks, 1 + random.nextBelow(1_000))
    for (const at of [OrderField.venuesLow, OrderField.venuesHigh, OrderField.slippageCentiBps, OrderField.feeCentiBps])
      view.setInt32(at, -1, true)
  }
  if (random.chance(0.7))
    writeClientId(view, OrderField.clientId, OrderField.clientIdLength, `f-${random.nextBelow(5_000)}`)
  else writeInt64(view, OrderField.orderId, random.nextBelow(5_000))
  for (let changes = random.nextBelow(4); changes > 0; changes--)
    bytes[random.nextBelow(bytes.length)] = random.chance(0.5) ? random.nextBelow(256) : 0xff
  if (random.chance(0.9)) return bytes
  const length = random.nextBelow(GATEWAY_MESSAGE_BYTES_MAX)
  return Uint8Array.from({ length }, (_, at) => bytes[at] ?? random.nextBelow(256))
}

/** Sends, answers what came back, and sees that a refusal left no trace. */
function deliver(world: World, message: string | Uint8Array): (string | Uint8Array)[] {
  const changes = world.core.changes
  world.socket.receive(message)
  const answers = world.socket.sent.splice(0)
  const denied = answers.filter(isDenial)
  // Plain checks: a hundred thousand expectations take longer than what they check.
  assert(answers.length > 0, 'every message is answered')
  if (denied.length > 0) {
    assert(answers.length === 1, 'a refusal is the only answer')
    assert(denyReasonNames.includes(reasonOf(denied[0])), 'a refusal has a known reason')
    assert(world.core.changes === changes, 'a refusal changes nothing')
  }
  if (!world.socket.isOpen) world.socket = world.logOn()
  return answers
}

function isDenial(answer: string | Uint8Array): boolean {
  if (typeof answer === 'string') return answer.startsWith('{"type":"denied"')
  assert(isReportFrame(new DataView(answer.buffer)), 'bytes that come back are a frame')
  return answer[1] === ReportKind.denied
}

function reasonOf(answer: string | Uint8Array): string {
  if (typeof answer === 'string') return (JSON.parse(answer) as { reason: string }).reason
  return denyReasonNames[answer[ReportField.denied]]
}

function run(count: number, invent: (random: Prng) => string | Uint8Array): Map<string, number> {
  const random = new Prng(SEED)
  const [one, two] = [new World(), new World()]
  const seen = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    const message = invent(random)
    const answers = deliver(one, message)
    if (Buffer.compare(bytesOf(answers), bytesOf(deliver(two, message))) !== 0)
      throw new Error(`message ${i} of seed ${SEED} was answered in two ways: ${String(message)}`)
    const reason = isDenial(answers[0]) ? reasonOf(answers[0]) : 'accepted'
    seen.set(reason, (seen.get(reason) ?? 0) + 1)
  }
  expect(one.core.changes).toBe(two.core.changes)
  return seen
}

function bytesOf(answers: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(answers.map((answer) => Buffer.from(answer as string)))
}

test(`${TEXTS} texts`, () => {
  const seen = run(TEXTS, nastyText)
  for (const reason of [
    'accepted',
    'malformed',
    'unknownField',
    'missingField',
    'wrongType',
    'unknownOperation',
    'badSignature',
  ])
    expect(seen.get(reason), reason).toBeGreaterThan(100)
  expect(seen.size).toBeGreaterThan(25)
})

test(`${FRAMES} frames`, () => {
  const seen = run(FRAMES, nastyFrame)
  for (const reason of [
    'accepted',
    'malformed',
    'unknownField',
    'unsupportedVersion',
    'unknownOperation',
    'badClientOrderId',
  ])
    expect(seen.get(reason), reason).toBeGreaterThan(50)
  expect(seen.size).toBeGreaterThan(15)
  expect(seen.has(denyReasonNames[DenyReason.messageTooLarge])).toBe(false)
})
