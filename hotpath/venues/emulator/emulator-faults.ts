/**
 * What a test can break at an emulated venue. Shells (server, doors) ask about answers and sockets, dialects about stream
 * messages. Everything is off until asked for, and each fault says how often it was done.
 */
import type { EmulatorAnswer, EmulatorPeer, EmulatorRequest } from './venue-emulator.ts'

/** What the shell does with an answer that the emulator gave: the request has been executed in any case. */
export const AnswerFate = { sent: 0, dropped: 1, failed: 2 } as const
export type AnswerFate = (typeof AnswerFate)[keyof typeof AnswerFate]

interface AnswerFault {
  readonly fate: AnswerFate
  /** 'POST /api/v3/order': how the request line begins. */
  readonly match: string
  left: number
}

export class EmulatorFaults {
  /** Added to every answer, milliseconds. */
  answerDelayMs = 0
  /** Added to the venue's clock, milliseconds: a venue that is ahead of us, or behind. */
  clockSkewMs = 0
  readonly #answers: AnswerFault[] = []
  readonly #peers = new Set<EmulatorPeer>()
  #skippedDiffs = 0
  #repeatedMessages = 0

  /** The next `count` requests that begin so are executed and never answered. */
  dropAnswers(count: number, match = ''): void {
    this.#answers.push({ fate: AnswerFate.dropped, match, left: count })
  }

  /** The next `count` requests that begin so are executed and answered with 502. */
  failAnswers(count: number, match = ''): void {
    this.#answers.push({ fate: AnswerFate.failed, match, left: count })
  }

  /** The next `count` incremental book messages are counted by the venue and not sent: a gap. */
  skipDiffs(count: number): void {
    this.#skippedDiffs += count
  }

  /** The next `count` stream messages are sent twice. */
  repeatMessages(count: number): void {
    this.#repeatedMessages += count
  }

  /** Every open socket is cut. Answers how many there were. */
  disconnectSockets(): number {
    const peers = [...this.#peers]
    this.#peers.clear()
    for (const peer of peers) peer.close()
    return peers.length
  }

  // Of shells.

  fateOf(request: EmulatorRequest): AnswerFate {
    const line = `${request.method} ${request.target}`
    const at = this.#answers.findIndex(({ match, left }) => left > 0 && line.startsWith(match))
    if (at < 0) return AnswerFate.sent
    const fault = this.#answers[at]
    fault.left--
    if (fault.left === 0) this.#answers.splice(at, 1)
    return fault.fate
  }

  opened(peer: EmulatorPeer): void {
    this.#peers.add(peer)
  }

  closed(peer: EmulatorPeer): void {
    this.#peers.delete(peer)
  }

  // Of dialects.

  /** Must this incremental book message be left out? */
  takeSkippedDiff(): boolean {
    if (this.#skippedDiffs === 0) return false
    this.#skippedDiffs--
    return true
  }

  /** How often this stream message is sent. */
  takeRepeats(): number {
    if (this.#repeatedMessages === 0) return 1
    this.#repeatedMessages--
    return 2
  }
}

/** What a broken front end of a venue says; the order behind it may be live. */
export const failedAnswer: EmulatorAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head></html>',
}
