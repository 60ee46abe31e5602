/**
 * The only ways to the outside: one HTTP request, one socket. Nobody else opens connections, so that a recording, an
 * emulator in the same thread or a broken network can stand in for a venue. No answer comes before the call returns.
 */

export interface VenueRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Whole address, query included. */
  readonly url: string
  /** Names in lower case. May carry keys and signatures: never printed. */
  readonly headers: Readonly<Record<string, string>>
  /** '' for none. */
  readonly body: string
  readonly timeoutMs: number
}

export const Delivery = {
  /** The venue answered, whatever it said. */
  answered: 0,
  /** It certainly never left us: no connection, no name, no room. */
  notSent: 1,
  /** It left, or may have, and nothing came back: the outcome is unknown. */
  lost: 2,
} as const
export type Delivery = (typeof Delivery)[keyof typeof Delivery]

export interface VenueAnswer {
  readonly delivery: Delivery
  /** HTTP status; 0 unless answered. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Of an unanswered request: what went wrong, for people. */
  readonly body: string
}

export interface HttpDoor {
  /** `done` is called once, later. */
  send(request: VenueRequest, done: (answer: VenueAnswer) => void): void
}

export interface SocketEvents {
  onOpen(): void
  /** One whole message, inflated. The bytes are the receiver's only until it returns. */
  onMessage(bytes: Uint8Array, isText: boolean): void
  /** Once, also when it never opened. */
  onClose(reason: string): void
}

export interface VenueSocket {
  /** False: not sent, and certain never to be. */
  send(text: string): boolean
  /** `onClose` still comes. */
  close(): void
}

export interface SocketDoor {
  /** Nothing is called before this returns. */
  open(url: string, headers: Readonly<Record<string, string>>, events: SocketEvents): VenueSocket
}
