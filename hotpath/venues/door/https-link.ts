/**
 * The machine's way to a venue's REST: kept-alive connections, bounded sockets, bodies and waits. What certainly never left us
 * is told apart from what may have: only before a byte was handed to a connected socket is a failure certain.
 */
import http from 'node:http'
import https from 'node:https'
import { Delivery, type HttpDoor, type VenueAnswer, type VenueRequest } from './venue-doors.ts'

const SOCKETS_MAX = 16
const IDLE_SOCKETS_MAX = 8
/** exchangeInfo and its kind. */
const BODY_BYTES_MAX = 64 * 1_048_576
/** Requests waiting for a socket; more are not sent. */
const WAITING_MAX = 256
const KEEP_ALIVE_MS = 30_000

export interface HttpsLinkOptions {
  readonly socketsMax?: number
  readonly bodyBytesMax?: number
}

export class HttpsLink implements HttpDoor {
  readonly #secure: https.Agent
  readonly #plain: http.Agent
  readonly #bodyBytesMax: number
  #inFlight = 0

  constructor(options: HttpsLinkOptions = {}) {
    const agent = {
      keepAlive: true,
      keepAliveMsecs: KEEP_ALIVE_MS,
      maxSockets: options.socketsMax ?? SOCKETS_MAX,
      maxFreeSockets: IDLE_SOCKETS_MAX,
    }
    this.#secure = new https.Agent(agent)
    this.#plain = new http.Agent(agent)
    this.#bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX
  }

  send(request: VenueRequest, done: (answer: VenueAnswer) => void): void {
    if (this.#inFlight >= WAITING_MAX + SOCKETS_MAX) {
      queueMicrotask(() => done(unanswered(Delivery.notSent, 'too many requests wait')))
      return
    }
    this.#inFlight++
    let isDone = false
    const finish = (answer: VenueAnswer): void => {
      if (isDone) return
      isDone = true
      this.#inFlight--
      done(answer)
    }
    try {
      this.#start(request, finish)
    } catch {
      // An address that is none, a header that cannot be: nothing was opened. Its error may quote the request.
      queueMicrotask(() => finish(unanswered(Delivery.notSent, 'the request cannot be written')))
    }
  }

  close(): void {
    this.#secure.destroy()
    this.#plain.destroy()
  }

  #start(request: VenueRequest, finish: (answer: VenueAnswer) => void): void {
    const isPlain = request.url.startsWith('http:')
    // An empty body is said to be empty where one is expected: some venues answer 411 otherwise.
    const hasLength = request.body !== '' || request.method === 'POST' || request.method === 'PUT'
    const length = hasLength ? { 'content-length': `${Buffer.byteLength(request.body)}` } : {}
    const options = {
      method: request.method,
      headers: { ...request.headers, ...length },
      agent: isPlain ? this.#plain : this.#secure,
    }
    const outgoing = isPlain ? http.request(request.url, options) : https.request(request.url, options)
    /** Until it has a connected socket not a byte has left. */
    let mayHaveLeft = false
    const fail = (why: string): void => {
      clearTimeout(timer)
      finish(unanswered(mayHaveLeft ? Delivery.lost : Delivery.notSent, why))
      outgoing.destroy()
    }
    const timer = setTimeout(() => fail('no answer in time'), request.timeoutMs)
    outgoing.on('socket', (socket) => {
      const ready = isPlain ? 'connect' : 'secureConnect'
      if (socket.connecting) socket.once(ready, () => (mayHaveLeft = true))
      else mayHaveLeft = true
    })
    outgoing.on('error', (error) => fail(errorCode(error)))
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      let bytes = 0
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > this.#bodyBytesMax) fail('an answer that is too long')
        else chunks.push(chunk)
      })
      incoming.on('error', (error) => fail(errorCode(error)))
      incoming.on('aborted', () => fail('the answer broke off'))
      incoming.on('end', () => {
        clearTimeout(timer)
        if (!incoming.complete) {
          fail('the answer broke off')
          return
        }
        finish({
          delivery: Delivery.answered,
          status: incoming.statusCode ?? 0,
          headers: flatHeaders(incoming.headers),
          body: Buffer.concat(chunks).toString('utf8'),
        })
      })
    })
    outgoing.end(request.body === '' ? undefined : request.body)
  }
}

function unanswered(delivery: Delivery, body: string): VenueAnswer {
  return { delivery, status: 0, headers: {}, body }
}

/** The code alone: a message may quote an address with its signature. */
function errorCode(error: NodeJS.ErrnoException): string {
  return typeof error.code === 'string' ? error.code : 'the connection failed'
}

function flatHeaders(headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}
