/** Where `sor` prints: answers to stdout, everything else to stderr, paint only for people who see it. */
import type { TextStyle } from '../tca/text-table.ts'
import { plain } from '../tca/text-table.ts'

/** What a terminal needs of a stream; tests bring their own. */
export interface TerminalStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

const ESCAPE = String.fromCharCode(27)

function paint(code: number): (text: string) => string {
  return (text) => `${ESCAPE}[${code}m${text}${ESCAPE}[0m`
}

const colours: TextStyle = { bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31) }

export class Terminal {
  readonly #out: TerminalStream
  readonly #err: TerminalStream
  readonly style: TextStyle
  /** Both streams are looked at by a person: progress bars and live views make sense. */
  readonly isInteractive: boolean

  constructor(out: TerminalStream, err: TerminalStream, environment: Readonly<Record<string, string | undefined>>) {
    this.#out = out
    this.#err = err
    this.isInteractive = out.isTTY === true && environment['TERM'] !== 'dumb'
    // https://no-color.org: present and not empty
    const isColourWanted = (environment['NO_COLOR'] ?? '') === '' && this.isInteractive
    this.style = isColourWanted ? colours : plain
  }

  get columns(): number {
    return this.#out.columns ?? 100
  }

  get rows(): number {
    return this.#out.rows ?? 40
  }

  /** A line (or lines) of the answer. */
  line(text = ''): void {
    this.#out.write(`${text}\n`)
  }

  /** The whole answer of a --json command, or one line of a streaming one. */
  json(value: unknown, isLine = false): void {
    this.#out.write(`${JSON.stringify(value, undefined, isLine ? undefined : 2)}\n`)
  }

  /** For the person at the keyboard: not part of the answer. */
  note(text: string): void {
    this.#err.write(`${text}\n`)
  }

  /** Unfinished line on stderr, redrawn in place: only when someone looks. */
  status(text: string): void {
    if (this.#err.isTTY === true) this.#err.write(`\r${ESCAPE}[2K${text}`)
  }

  /** Draws a whole screen: home, each line cleared to its end, the rest below cleared. */
  screen(lines: readonly string[]): void {
    const shown = lines.slice(0, this.rows - 1)
    this.#out.write(`${ESCAPE}[H${shown.map((line) => `${line}${ESCAPE}[K\n`).join('')}${ESCAPE}[J`)
  }

  /** A screen of its own, so that what was in the terminal before comes back afterwards. */
  enterScreen(): void {
    this.#out.write(`${ESCAPE}[?1049h${ESCAPE}[?25l${ESCAPE}[2J`)
  }

  leaveScreen(): void {
    this.#out.write(`${ESCAPE}[?25h${ESCAPE}[?1049l`)
  }
}
