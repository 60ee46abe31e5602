/** OrderClient as published, in a real browser: only its own files and shared/ are served, with the types taken off. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OrderClient as OrderClientClass } from '../../hotpath/client/order-client.ts'
import { type RealGateway, startGateway } from './gateway/real-gateway.ts'
import { SECRET } from './gateway/small-market.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

const PAGE = `<!doctype html><title>orders</title><script type="module">
import { OrderClient } from '/hotpath/client/order-client.ts'
globalThis.OrderClient = OrderClient
</script>`

let gateway: RealGateway
let pages: Server
let browser: Browser

beforeAll(async () => {
  if (executablePath === undefined) return
  gateway = await startGateway('auto')
  pages = await servePages()
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(async () => {
  await browser?.close()
  pages?.close()
  await gateway?.close()
})
beforeEach(({ skip }) => {
  if (executablePath === undefined) skip('no Chromium on this machine')
})

test.each(['json', 'binary'] as const)('connects, signs and trades from a page (%s)', async (encoding) => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  await page.waitForFunction('globalThis.OrderClient !== undefined')
  const done = await page.evaluate(
    async ({ url, secret, encoding }) => {
      const { OrderClient } = globalThis as unknown as { OrderClient: typeof OrderClientClass }
      const client = new OrderClient({ url, apiKey: 'key-of-main', secret, encoding })
      await client.connect()
      const report = await client.orderUntilDone({ symbol: 'BTC/USDT', side: 'buy', type: 'market', quantity: '0.5' })
      client.close()
      return report
    },
    { url: gateway.url, secret: SECRET, encoding },
  )
  expect(done).toMatchObject({ ordStatus: 'filled', cumQty: '0.5', avgPx: '64000.5' })
  expect(errors).toEqual([])
  await page.close()
})

async function servePages(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    if (path === '/') {
      response.setHeader('content-type', 'text/html').end(PAGE)
      return
    }
    const isOurs = /^\/(hotpath\/client|shared)\/[a-z0-9/-]+\.ts$/.test(path)
    const source = isOurs ? await readFile(ROOT + path, 'utf8').catch(() => undefined) : undefined
    if (source === undefined) {
      response.writeHead(404).end()
      return
    }
    response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
