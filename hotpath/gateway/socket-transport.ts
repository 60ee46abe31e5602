/**
 * The one small door to WebSockets and the three ways behind it, chosen at start: uWebSockets.js as it is, its
 * relocated copy where the C library is too old for it, or `ws`.
 */
import { loadUws, type UwsLoad } from './uws-binary.ts'
import { UwsTransport } from './uws-transport.ts'
import { WsTransport } from './ws-transport.ts'

export type TransportName = 'native uWebSockets.js' | 'uWebSockets.js, relocated copy' | 'ws'

/** What became of a send: dropped only when the socket is closed. */
export const SendResult = { sent: 0, buffered: 1, dropped: 2 } as const
export type SendResult = (typeof SendResult)[keyof typeof SendResult]

/** Longest message the transport reassembles; what is longer ends the connection without an answer. */
export const TRANSPORT_MESSAGE_BYTES_MAX = 1_048_576
/** A peer that has not been heard for this long is gone; the transport pings before. */
export const IDLE_SECONDS_MAX = 16

export interface Socket {
  /** Row of the gateway's session table, written by the gateway in onOpen. */
  session: number
  readonly isOpen: boolean
  /** Bytes given to send and not yet taken by the kernel. */
  readonly bufferedBytes: number
  /** A send outside of a handler costs no more than one inside: nothing has to wait for the end of a turn. */
  readonly sendsAnyTime?: boolean
  /** Text as text, bytes as a binary message; bytes are copied before this returns. Inside a handler sends are corked. */
  send(message: string | Uint8Array): SendResult
  /** Several messages in one write, bytes copied as by send; for sends from outside a handler. Stops at the first dropped. */
  sendAll(messages: readonly (string | Uint8Array)[]): SendResult
  /** Sends a close frame behind what is buffered; onClose comes before this returns or soon after. */
  close(code: number, reason: string): void
}

export interface SocketEvents {
  onOpen(socket: Socket): void
  /** `buffer` is valid only during the call. */
  onMessage(socket: Socket, buffer: ArrayBuffer, offset: number, length: number, isBinary: boolean): void
  /** Once per socket; it cannot be sent to any more. */
  onClose(socket: Socket): void
  /** Answer to a plain GET; undefined: there is no such page. */
  onHttpGet(path: string): HttpAnswer | undefined
  /** Asked instead where the answer comes from another thread. Never rejects. */
  onHttpAsk?(path: string): Promise<HttpAnswer | undefined>
}

export interface HttpAnswer {
  readonly status: 200 | 503
  readonly body: string
  /** Default: application/json. */
  readonly contentType?: string
}

export interface SocketAddress {
  readonly host: string
  readonly port: number
  /** Of the WebSocket; anything else is a plain GET. */
  readonly path: string
  /** What the gateway lets one socket buffer; it closes a slower reader itself, the transport leaves room for that. */
  readonly bufferedBytesMax: number
}

export interface SocketTransport {
  readonly name: TransportName
  /** Answers the port, which was asked as 0 to get a free one. Rejects when the address is taken or not ours. */
  listen(address: SocketAddress, events: SocketEvents): Promise<number>
  /** Ends every connection and frees the port. */
  close(): Promise<void>
}

export type TransportWish = 'auto' | 'uws' | 'ws'

/** `note` says in words why it is this one. Rejects when uWebSockets.js is wished for and cannot be had. */
export async function openTransport(wish: TransportWish): Promise<{ transport: SocketTransport; note: string }> {
  if (wish === 'ws') return { transport: new WsTransport(), note: 'ws was asked for' }
  const load: UwsLoad = await loadUws()
  if (load.ok) return { transport: new UwsTransport(load.uws, load.name), note: load.note }
  if (wish === 'uws') throw new Error(`uWebSockets.js was asked for and cannot be used: ${load.why}`)
  return { transport: new WsTransport(), note: `uWebSockets.js cannot be used here: ${load.why}` }
}

/** SOR_TRANSPORT=uws|ws forces one. */
export function transportWish(environment: Readonly<Record<string, string | undefined>>): TransportWish {
  const wish = environment['SOR_TRANSPORT'] ?? 'auto'
  if (wish === 'auto' || wish === 'uws' || wish === 'ws') return wish
  throw new Error('SOR_TRANSPORT is auto, uws or ws')
}
