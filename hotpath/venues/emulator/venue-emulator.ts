/**
 * An exchange that is not there: speaks a venue's real dialect (REST and WebSocket) over the paper matching engine. No I/O
 * and no clock of its own, so the same emulator runs in a test under a virtual clock and behind a real socket.
 */
import type { MonoNs } from '../../../shared/units/time.ts'

export interface EmulatorRequest {
  readonly method: string
  /** Path and query as received. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface EmulatorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One open socket, as the emulator sees it. */
export interface EmulatorPeer {
  send(text: string): void
  sendBinary(bytes: Uint8Array): void
  close(): void
}

/** What the emulator does with one socket. */
export interface EmulatorConversation {
  onMessage(text: string): void
  onClose(): void
}

export interface VenueEmulator {
  /** ccxt id. */
  readonly id: string
  request(request: EmulatorRequest): EmulatorAnswer
  /** Undefined: the path is not a socket of this venue. */
  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined
  /** Time passes: the market moves, streams speak. Answers how much happened. */
  work(nowNs: MonoNs): number
}
