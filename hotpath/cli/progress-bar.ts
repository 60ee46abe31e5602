/** A progress bar with the time to go: on a terminal a line redrawn in place, elsewhere a plain line every ten seconds. */
import { formatDuration } from '../tca/figures.ts'
import type { Terminal } from './terminal.ts'

const REDRAW_MS_MIN = 100
const PLAIN_MS_MIN = 10_000
const BAR_WIDTH = 24

export class ProgressBar {
  readonly #terminal: Terminal
  readonly #label: string
  readonly #total: number
  readonly #startMs: number
  #drawnMs = Number.NEGATIVE_INFINITY

  /** `total` in any unit; 0 or infinite when it is not known. */
  constructor(terminal: Terminal, label: string, total: number, nowMs: number) {
    this.#terminal = terminal
    this.#label = label
    this.#total = total
    this.#startMs = nowMs
  }

  /** Draws at most ten times a second; `detail` says what was reached in words. */
  update(done: number, nowMs: number, detail = ''): void {
    const pauseMs = this.#terminal.isInteractive ? REDRAW_MS_MIN : PLAIN_MS_MIN
    if (nowMs - this.#drawnMs < pauseMs) return
    this.#drawnMs = nowMs
    const text = this.text(done, nowMs, detail)
    if (this.#terminal.isInteractive) this.#terminal.status(text)
    else this.#terminal.note(text)
  }

  /** The last state stays as a line. */
  end(done: number, nowMs: number, detail = ''): void {
    if (this.#terminal.isInteractive) this.#terminal.status('')
    this.#terminal.note(this.text(done, nowMs, detail))
  }

  /** One line; exported for tests through the class itself. */
  text(done: number, nowMs: number, detail = ''): string {
    const elapsedMs = Math.max(0, nowMs - this.#startMs)
    const tail = detail === '' ? '' : `  ${detail}`
    if (!(this.#total > 0) || !Number.isFinite(this.#total)) {
      return `${this.#label}  ${formatDuration(elapsedMs * 1_000)}${tail}`
    }
    const share = Math.min(1, Math.max(0, done / this.#total))
    const filled = Math.round(share * BAR_WIDTH)
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`
    const percent = `${Math.floor(share * 100)}%`.padStart(4)
    return `${this.#label} ${bar} ${percent}  ${timeToGo(share, elapsedMs)}${tail}`
  }
}

/** As fast as so far: remaining = elapsed x (1 - share) / share. */
function timeToGo(share: number, elapsedMs: number): string {
  if (share >= 1) return `took ${formatDuration(elapsedMs * 1_000)}`
  if (share <= 0) return 'to go: unknown'
  return `to go: ${formatDuration((elapsedMs * (1 - share) * 1_000) / share)}`
}
