/** `sor` as a process: what npm links, its exit codes, Ctrl-C, a reader that goes away. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RealGateway, startGateway } from './gateway/real-gateway.ts'
import { SECRET } from './gateway/small-market.ts'

const SOR = fileURLToPath(new URL('../../hotpath/cli/sor.js', import.meta.url))
/** Older than we need: what a Debian or Ubuntu machine brings. */
const OLD_NODE = '/usr/bin/node'

let gateway: RealGateway

beforeAll(async () => {
  gateway = await startGateway('ws')
})
afterAll(() => gateway.close())

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(line: string, node = process.execPath) {
  const env = { ...process.env, SOR_URL: gateway.url, SOR_API_KEY: 'key-of-main', SOR_API_SECRET: SECRET }
  const child = spawn(node, [SOR, ...line.split(' ')], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    text.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    text.err += chunk
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...text })))
  const saw = async (words: string): Promise<void> => {
    while (!text.out.includes(words)) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { child, ended, saw }
}

test('an order, filled: exit 0, no colours in a pipe', async () => {
  const { code, out } = await start('order buy 1 BTC/USDT').ended
  expect(code).toBe(0)
  expect(out).toContain('fill  1 @ 64000.5 on beta')
  expect(out).not.toContain(String.fromCharCode(27))
})

test('refused: exit 3; not understood: exit 2', async () => {
  expect((await start('order buy 1 FOO/BAR').ended).code).toBe(3)
  expect((await start('order buy').ended).code).toBe(2)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels the order first: exit 130', async (signal) => {
  const { child, ended, saw } = start(`order sell 1 BTC/USDT --limit 70000 --client-order-id p-${signal}`)
  await saw('accepted')
  child.kill(signal)
  const { code, err } = await ended
  expect(code).toBe(130)
  expect(err).toContain(`order p-${signal} is canceled`)
})

test('a reader that goes away does not leave the order open', async () => {
  const { child, ended, saw } = start('order sell 1 BTC/USDT --limit 70000 --client-order-id pipe-1')
  await saw('accepted')
  child.stdout.destroy()
  const { store } = gateway.core
  const row = store.parentAt(store.parentCount - 1)
  gateway.core.fill(row, 1_000 as never)
  await ended
  expect(store.isOpen(row)).toBe(false)
})

test('under an older Node the packaged one takes over, with its exit code', async (context) => {
  context.skip(!existsSync(OLD_NODE), `there is no ${OLD_NODE}`)
  const { code, out } = await start('doctor --json', OLD_NODE).ended
  expect(code).toBe(0)
  expect(JSON.parse(out).checks[0]).toMatchObject({ name: 'node', verdict: 'ok' })
})
