/** The published client in a real browser, against a real router. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RouterProcess } from '../fixtures/router-process.ts'

const BROWSER = process.env['SOR_BROWSER'] ?? '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const PAGE = `<!doctype html><title>client</title><script type="module">
  import * as sor from '/hotpath/client/order-client.js'
  globalThis.sor = sor
</script>`
const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

describe.skipIf(!existsSync(BROWSER) && process.env['CI'] !== 'true')(
  `skipped when there is no browser at ${BROWSER}`,
  () => {
    const router = new RouterProcess()
    let server: Server

    beforeAll(async () => {
      await router.start()
      server = createServer(async (request, response) => {
        const url = new URL(request.url ?? '/', 'http://localhost')
        if (url.pathname === '/') {
          response.setHeader('content-type', 'text/html').end(PAGE)
          return
        }
        try {
          const body = await readFile(path.join(dist, path.normalize(url.pathname)))
          response.setHeader('content-type', 'text/javascript').end(body)
        } catch {
          response.writeHead(404).end()
        }
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    }, 60_000)

    afterAll(async () => {
      server.close()
      await router.remove()
    }, 60_000)

    test('connects, logs on with WebCrypto, trades and explains', { timeout: 60_000 }, async () => {
      const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS })
      try {
        const page = await browser.newPage()
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
        await page.waitForFunction('globalThis.sor !== undefined')
        const outcome = await page.evaluate(async (settings) => {
          const { OrderClient, OrderDenied } = (
            globalThis as unknown as { sor: typeof import('../../hotpath/client/order-client.ts') }
          ).sor
          const client = new OrderClient(settings)
          const logon = await client.connect()
          const done = await client.orderUntilDone({
            symbol: 'BTC/USDT',
            side: 'buy',
            type: 'market',
            quantity: '0.25',
          })
          const plan = await client.explain({ orderId: done.orderId })
          let refused = ''
          try {
            await client.newOrder({ symbol: 'NOPE/USD', side: 'buy', type: 'market', quantity: '1' })
          } catch (error) {
            if (error instanceof OrderDenied) refused = error.reason
          }
          client.close()
          return {
            market: logon.market,
            status: done.ordStatus,
            filled: done.cumQty,
            proof: plan.certificate.proof,
            refused,
          }
        }, router.settings)
        expect(outcome).toMatchObject({
          market: 'calibrated',
          status: 'filled',
          filled: '0.25',
          refused: 'unknownSymbol',
        })
        expect(['sweep', 'search']).toContain(outcome.proof)
      } finally {
        await browser.close()
      }
    })
  },
)
