/** Latencies through real sockets: the client's questions, GET /metrics as Prometheus asks it, and `sor latency`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ExitCode } from '../../hotpath/cli/exit-code.ts'
import { Interruption } from '../../hotpath/cli/interruption.ts'
import { runSor } from '../../hotpath/cli/sor.ts'
import { OrderClient } from '../../hotpath/client/order-client.ts'
import { MeasuredOrders } from '../fixtures/measured-orders.ts'
import { TestTerminal } from '../unit/hotpath/cli/test-terminal.ts'
import { readMetrics } from '../unit/hotpath/telemetry/metrics-reader.ts'
import { type RealGateway, startGateway } from './gateway/real-gateway.ts'
import { SECRET } from './gateway/small-market.ts'

describe.each(['auto', 'ws'] as const)('transport %s', (wish) => {
  let gateway: RealGateway
  let folder = ''
  const orders = new MeasuredOrders()

  beforeAll(async () => {
    gateway = await startGateway(wish, { telemetry: orders.telemetry() })
    folder = mkdtempSync(join(tmpdir(), 'sor-latency-'))
    const client = new OrderClient({ url: gateway.url, apiKey: 'key-of-main', secret: SECRET })
    await client.connect()
    await client.newOrder({
      symbol: 'BTC/USDT',
      side: 'buy',
      type: 'limit',
      quantity: '1',
      price: '60000',
      clientOrderId: 'a',
    })
    client.close()
    for (let i = 0; i < 20; i++) orders.order(0)
  })
  afterAll(async () => {
    await gateway.close()
    rmSync(folder, { recursive: true })
  })

  async function sor(line: string): Promise<{ code: ExitCode; out: string; err: string }> {
    const screen = new TestTerminal()
    const environment = { SOR_URL: gateway.url, SOR_API_KEY: 'key-of-main', SOR_API_SECRET: SECRET }
    const code = await runSor(line.split(' '), screen.terminal, new Interruption(), environment)
    return { code, out: screen.out, err: screen.err }
  }

  test('GET /metrics is a page of the text format', async () => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/metrics`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const names = readMetrics(await response.text()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['sor_sessions', 'sor_denied_total', 'sor_books', 'sor_orders_open']))
    const health = await fetch(`http://127.0.0.1:${gateway.port}/health`)
    expect(health.headers.get('content-type')).toBe('application/json')
  })

  test('the client asks for all and for one', async () => {
    const client = new OrderClient({ url: gateway.url, apiKey: 'key-of-main', secret: SECRET, encoding: 'binary' })
    await client.connect()
    const report = await client.latency()
    expect(report.stages.find(({ stage }) => stage === 'decision')).toMatchObject({ count: 20, p50Us: 1.5, maxUs: 1.5 })
    expect(await client.orderLatency({ clientOrderId: 'a' })).toMatchObject({ totalUs: 3.44 })
    await expect(client.orderLatency({ clientOrderId: 'b' })).rejects.toMatchObject({ reason: 'unknownOrder' })
    client.close()
  })

  test('sor latency: text, JSON, one venue, one order', async () => {
    const all = await sor('latency')
    expect(all.code).toBe(ExitCode.ok)
    expect(all.out).toMatch(/^latency of orders since the router's start \(market calibrated\)\n/)
    expect(all.out).toMatch(/decision +20 +1\.50 us/)
    expect(all.out).toMatch(/beta +20 +3\.99 ms|beta +20 +4\.00 ms|beta +20 +4\.01 ms/)
    const json = JSON.parse((await sor('latency --venue beta --json')).out)
    expect(json.venues).toHaveLength(1)
    expect(json.venues[0]).toMatchObject({ venue: 'beta', ack: { count: 20 }, network: { distanceKm: 900 } })
    expect((await sor('latency a')).out).toMatch(/decision +1\.50 us +44% {2}#+/)
    expect(JSON.parse((await sor('latency a --json')).out)).toMatchObject({ totalUs: 3.44 })
  })

  test('sor latency says what it cannot do', async () => {
    expect(await sor('latency --venue gamma')).toMatchObject({
      code: ExitCode.usage,
      err: expect.stringContaining('no such venue: gamma. Venues are: alpha beta'),
    })
    expect(await sor('latency nothing')).toMatchObject({ code: ExitCode.denied })
    expect(await sor('latency a --venue beta')).toMatchObject({ code: ExitCode.usage })
    expect(await sor('latency a b')).toMatchObject({ code: ExitCode.usage })
  })

  test('sor latency --hops reads a file and needs no router', async () => {
    const file = join(folder, 'route.txt')
    writeFileSync(file, ' 1  gw (192.0.2.1)  1.0 ms  1.2 ms\n 2  * * *\n 3  far (192.0.2.9)  9.0 ms\n')
    const environment = { SOR_URL: 'ws://127.0.0.1:1/v1/orders' }
    const screen = new TestTerminal()
    expect(await runSor(['latency', '--hops', file], screen.terminal, new Interruption(), environment)).toBe(
      ExitCode.ok,
    )
    expect(screen.out).toContain('hop 3 adds most: 4.000 of 4.500 ms one way (89%)')
  })
})
