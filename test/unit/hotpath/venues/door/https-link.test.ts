/** What certainly never left is told apart from what may have. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HttpsLink } from '../../../../../hotpath/venues/door/https-link.ts'
import { Delivery, type VenueAnswer, type VenueRequest } from '../../../../../hotpath/venues/door/venue-doors.ts'

const link = new HttpsLink({ bodyBytesMax: 1_000 })
let sockets = 0
const server = http.createServer((request, response) => {
  if (request.url === '/silent') return
  if (request.url === '/cut') {
    request.socket.destroy()
    return
  }
  if (request.url === '/half') {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    setTimeout(() => request.socket.destroy(), 20)
    return
  }
  if (request.url === '/long') {
    response.end('x'.repeat(5_000))
    return
  }
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    response.writeHead(request.url === '/refused' ? 400 : 200, { 'X-Weight': '7' })
    response.end(
      JSON.stringify({ method: request.method, url: request.url, body, length: request.headers['content-length'] }),
    )
  })
})
server.on('connection', () => sockets++)
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  link.close()
  server.closeAllConnections()
  server.close()
})

function ask(url: string, more: Partial<VenueRequest> = {}): Promise<VenueAnswer> {
  return new Promise((resolve) =>
    link.send({ method: 'GET', url, headers: {}, body: '', timeoutMs: 300, ...more }, resolve),
  )
}

test('an answer is an answer, whatever it says; connections are kept', async () => {
  const before = sockets
  const posted = await ask(`${base}/order?a=1`, { method: 'POST', body: 'x=1' })
  expect(posted).toMatchObject({ delivery: Delivery.answered, status: 200, headers: { 'x-weight': '7' } })
  expect(JSON.parse(posted.body)).toEqual({ method: 'POST', url: '/order?a=1', body: 'x=1', length: '3' })
  expect((await ask(`${base}/refused`)).status).toBe(400)
  expect(JSON.parse((await ask(`${base}/x`, { method: 'POST' })).body).length).toBe('0')
  expect(sockets - before).toBe(1)
})

test.each(['/silent', '/cut', '/half', '/long'])('%s: lost', async (path) => {
  expect((await ask(base + path)).delivery).toBe(Delivery.lost)
})

test('nobody listens, no such name, no address: never sent', async () => {
  const closed = net.createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  expect(await ask(`http://127.0.0.1:${port}/order?signature=secret`)).toMatchObject({
    delivery: Delivery.notSent,
    body: 'ECONNREFUSED',
  })
  expect((await ask('http://name.invalid/', { timeoutMs: 5_000 })).delivery).toBe(Delivery.notSent)
  expect((await ask('no address')).delivery).toBe(Delivery.notSent)
  expect((await ask(`${base}/x`, { headers: { bad: 'a\nsecret' } })).body).toBe('the request cannot be written')
})
