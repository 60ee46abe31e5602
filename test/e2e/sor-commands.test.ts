/** Every `sor` command that talks to a router, against a real gateway on loopback with the core double behind it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { commands } from '../../hotpath/cli/commands.ts'
import { ExitCode } from '../../hotpath/cli/exit-code.ts'
import { Interruption } from '../../hotpath/cli/interruption.ts'
import { runSor } from '../../hotpath/cli/sor.ts'
import type { ParentRow } from '../../shared/units/ids.ts'
import type { QtyLots } from '../../shared/units/ticks.ts'
import { TestTerminal } from '../unit/hotpath/cli/test-terminal.ts'
import { type RealGateway, startGateway } from './gateway/real-gateway.ts'
import { SECRET } from './gateway/small-market.ts'

let gateway: RealGateway
let folder = ''
let environment: Record<string, string> = {}

beforeAll(async () => {
  gateway = await startGateway('ws')
  environment = { SOR_URL: gateway.url, SOR_API_KEY: 'key-of-main', SOR_API_SECRET: SECRET }
})
afterAll(() => gateway.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sor-cli-'))
  gateway.core.confirmsCancels = true
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

async function sor(line: string, interruption = new Interruption(), isTTY = false, env = environment): Promise<Run> {
  const screen = new TestTerminal(isTTY, env)
  const code = await runSor(line.split(' '), screen.terminal, interruption, env)
  return { code, out: screen.out, err: screen.err }
}

/** Presses Ctrl-C once `isTime` says so. */
async function interruptWhen(interruption: Interruption, isTime: () => boolean): Promise<void> {
  while (!isTime()) await new Promise((resolve) => setTimeout(resolve, 2))
  interruption.ask()
}

function openRow(): ParentRow {
  const { store } = gateway.core
  for (let at = store.parentCount - 1; at >= 0; at--) if (store.isOpen(store.parentAt(at))) return store.parentAt(at)
  throw new Error('no order is open')
}

function isAnyOpen(): boolean {
  const { store } = gateway.core
  for (let at = 0; at < store.parentCount; at++) if (store.isOpen(store.parentAt(at))) return true
  return false
}

test('an order that fills: plan, fill, report, exit 0', async () => {
  const { code, out, err } = await sor('order buy 1 BTC/USDT --client-order-id filled-1')
  expect(code).toBe(ExitCode.ok)
  const lines = out.split('\n')
  expect(lines[0]).toMatch(/^plan {2}/)
  expect(lines[1]).toMatch(/^accepted as order \d+$/)
  expect(lines[2]).toMatch(/^fill {2}1 @ 64000\.5 on beta, taker, fee [\d.]+ USDT {2}\(1 of 1\)$/)
  expect(out).toContain('market test, simulated fills')
  expect(err).toBe('')
})

test('the same id again is the same order, and no second one', async () => {
  const before = gateway.core.changes
  const { code, out } = await sor('order buy 1 BTC/USDT --client-order-id filled-1')
  expect(code).toBe(ExitCode.ok)
  expect(out).toContain('filled')
  expect(out).not.toContain('fill  ')
  expect(gateway.core.changes).toBe(before)
})

test('sized in quote, as JSON: one document', async () => {
  const { code, out } = await sor('order buy 10000USDT BTC/USDT --json')
  expect(code).toBe(ExitCode.ok)
  const answer = JSON.parse(out)
  expect(answer).toMatchObject({ status: 'filled', exitCode: 0, order: { quoteQuantity: '10000' } })
  expect(answer.fills).toHaveLength(1)
  expect(answer.plan.certificate.proof).toBe('sweep')
})

test('Ctrl-C cancels the open order first, says so, and exits 130', async () => {
  const interruption = new Interruption()
  const run = sor('order sell 1 BTC/USDT --limit 70000 --client-order-id held-1', interruption)
  await interruptWhen(interruption, isAnyOpen)
  const { code, err } = await run
  expect(code).toBe(ExitCode.interrupted)
  expect(err).toContain('cancelling order held-1 first')
  expect(err).toContain('order held-1 is canceled, 0 of 1 filled')
  expect(isAnyOpen()).toBe(false)
})

test('fills come in while it waits; canceled by somebody else: not filled, exit 5', async () => {
  const run = sor('order sell 1 BTC/USDT --limit 70000 --client-order-id part-1')
  while (!isAnyOpen()) await new Promise((resolve) => setTimeout(resolve, 2))
  const row = openRow()
  gateway.core.fill(row, 40_000 as QtyLots)
  gateway.core.confirmCancel(row)
  const { code, out } = await run
  expect(code).toBe(ExitCode.notFilled)
  expect(out).toMatch(/fill {2}0\.4 @ .*\(0\.4 of 1\)/)
  expect(out).toMatch(/^canceled {2}\(0\.4 of 1\)$/m)
})

test('detached, looked at, cancelled', async () => {
  const sent = await sor('order sell 1 BTC/USDT --limit 70000 --client-order-id d-1 --detach')
  expect(sent.code).toBe(ExitCode.ok)
  expect(sent.out).toContain('sor status d-1')
  expect((await sor('status')).out).toMatch(/d-1 +sell +BTC\/USDT +limit GTC +70000 +1 +0 +- +new/)
  expect(JSON.parse((await sor('status d-1 --json')).out)).toMatchObject({ clientOrderId: 'd-1', ordStatus: 'new' })
  const ended = await sor('cancel d-1')
  expect(ended.code).toBe(ExitCode.ok)
  expect(ended.out).toMatch(/d-1 .*canceled/)
  expect((await sor('status')).out).toContain('no open orders')
})

test('cancel everything of one instrument', async () => {
  for (const id of ['m-1', 'm-2']) await sor(`order sell 1 BTC/USDT --limit 70000 --client-order-id ${id} --detach`)
  const other = await sor('cancel --all --symbol ETH/BTC')
  expect(other.out).toContain('no open orders')
  const all = JSON.parse((await sor('cancel --all --symbol btc/usdt --json')).out) as { ordStatus: string }[]
  expect(all.map((order) => order.ordStatus)).toEqual(['canceled', 'canceled'])
})

test('refusals: exit 3, the stable reason, in words or as JSON', async () => {
  const { code, err } = await sor('order buy 1 FOO/BAR')
  expect(code).toBe(ExitCode.denied)
  expect(err).toContain('unknownSymbol')
  const asJson = await sor('status nobody --json')
  expect(asJson.code).toBe(ExitCode.denied)
  expect(JSON.parse(asJson.out)).toMatchObject({ error: { reason: 'unknownOrder' }, exitCode: 3 })
  expect((await sor('quote buy 1 BTC/USDT')).code).toBe(ExitCode.denied)
})

test('quote and explain show the decision', async () => {
  const quote = await sor('quote buy 0.01 BTC/USDT')
  expect(quote.code).toBe(ExitCode.ok)
  expect(quote.out).toContain('exact optimum, gap 0 bps')
  expect(JSON.parse((await sor('quote buy 0.01 BTC/USDT --json')).out)).toMatchObject({ side: 'buy' })
  expect((await sor('explain filled-1')).out).toContain('proof sweep')
})

test('report: text, JSON, one HTML page', async () => {
  const page = join(folder, 'cost.html')
  const { code, out, err } = await sor(`report filled-1 --html ${page}`)
  expect(code).toBe(ExitCode.ok)
  expect(out).toContain('client id filled-1')
  expect(err).toContain(page)
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/)
  expect(JSON.parse((await sor('report filled-1 --json')).out)).toMatchObject({ clientOrderId: 'filled-1' })
  expect((await sor(`report filled-1 --html ${folder}/no/such/cost.html`)).code).toBe(ExitCode.failed)
})

test('watch: lines, JSON lines, a screen that is given back', async () => {
  const lines = await sor('watch BTC/USDT --seconds 0.3')
  expect(lines.code).toBe(ExitCode.ok)
  expect(lines.out).toContain('book BTC/USDT  bid 1.5 @ 63999 alpha  ask 0.75 @ 64000.5 beta')
  const json = await sor('watch BTC/USDT --seconds 0.3 --json')
  expect(JSON.parse(json.out.split('\n')[0])).toMatchObject({ type: 'book', symbol: 'BTC/USDT' })
  const screen = await sor('watch BTC/USDT --seconds 0.4', new Interruption(), true)
  expect(screen.out).toContain('64000.5')
  expect(screen.out.startsWith(`${String.fromCharCode(27)}[?1049h`)).toBe(true)
  expect(screen.out.endsWith(`${String.fromCharCode(27)}[?1049l`)).toBe(true)
})

test('watch ends on Ctrl-C without complaint', async () => {
  const interruption = new Interruption()
  const run = sor('watch', interruption)
  setTimeout(() => interruption.ask(), 100)
  expect((await run).code).toBe(ExitCode.ok)
})

test('record keeps the books it saw', async () => {
  const out = join(folder, 'recording')
  const { code, out: answer } = await sor(`record --out ${out} --seconds 0.5 --json`)
  expect(code).toBe(ExitCode.ok)
  const { files, levels } = JSON.parse(answer) as { files: string[]; levels: number }
  expect(levels).toBeGreaterThanOrEqual(5)
  const text = gunzipSync(readFileSync(files[0])).toString()
  expect(JSON.parse(text.split('\n')[0])).toMatchObject({ layout: 'sor-recording', market: 'recording of calibrated' })
  expect(text).toContain('"p":6400050,"q":75000')
  expect((await sor(`record --out ${out}`)).code).toBe(ExitCode.usage)
})

test('nobody there, or a key that is not accepted: exit 4 and what to do', async () => {
  const nobody = await sor('status', new Interruption(), false, {
    ...environment,
    SOR_URL: 'ws://127.0.0.1:1/v1/orders',
  })
  expect(nobody.code).toBe(ExitCode.cannotConnect)
  expect(nobody.err).toContain('npm start')
  const wrong = await sor('status', new Interruption(), false, { ...environment, SOR_API_SECRET: 'x'.repeat(32) })
  expect(wrong.code).toBe(ExitCode.cannotConnect)
  expect(wrong.err).toContain('badSignature')
  const nowhere = await sor(`status --state ${folder}/none`, new Interruption(), false, {})
  expect(nowhere.code).toBe(ExitCode.cannotConnect)
})

test('client.json of a state folder is enough', async () => {
  const settings = { url: gateway.url, account: 'main', apiKey: 'key-of-main', secret: SECRET }
  writeFileSync(join(folder, 'client.json'), JSON.stringify(settings))
  expect((await sor(`status --state ${folder}`, new Interruption(), false, {})).code).toBe(ExitCode.ok)
})

test('help for everything, and a usage error for what is not understood', async () => {
  const all = await sor('help')
  expect(all.code).toBe(ExitCode.ok)
  for (const command of commands) {
    expect(all.out).toContain(`  ${command.name} `)
    const help = await sor(`${command.name} --help`)
    expect(help.code).toBe(ExitCode.ok)
    expect(help.out).toContain(`usage: sor ${command.name}`)
    for (const option of command.options) expect(help.out).toContain(`--${option.name}`)
    for (const example of command.examples) expect(example.startsWith(command.name)).toBe(true)
  }
  for (const line of ['ordre', 'order', 'cancel', 'cancel 1 --all', 'status 1 2', 'explain', 'replay', 'doctor now'])
    expect((await sor(line)).code, line).toBe(ExitCode.usage)
  expect(existsSync(join(folder, 'client.json'))).toBe(false)
})
