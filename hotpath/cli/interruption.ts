/**
 * Ctrl-C. The first one asks the command to finish what it must (cancel its open orders) and end; the second one
 * ends the process at once, saying what that leaves behind.
 */
import { ExitCode } from './exit-code.ts'

/** One Ctrl-C may come twice: from the terminal and from the process that started us (npx). */
const ECHO_MS_MAX = 500

export class Interruption {
  readonly #controller = new AbortController()
  #leaveBehind = ''

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get isAsked(): boolean {
    return this.#controller.signal.aborted
  }

  /** What a second Ctrl-C would leave behind; empty for nothing. */
  warnAbout(text: string): void {
    this.#leaveBehind = text
  }

  ask(): void {
    this.#controller.abort()
  }

  /** The promise's value, or `undefined` as soon as Ctrl-C is pressed. */
  async orInterrupted<T>(promise: Promise<T>): Promise<T | undefined> {
    if (this.isAsked) return undefined
    let stop = (): void => {}
    const asked = new Promise<undefined>((resolve) => {
      stop = () => resolve(undefined)
      this.signal.addEventListener('abort', stop, { once: true })
    })
    try {
      return await Promise.race([promise, asked])
    } finally {
      this.signal.removeEventListener('abort', stop)
    }
  }

  /** Waits, or less when Ctrl-C is pressed. */
  async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await this.orInterrupted(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms)
      }),
    )
    clearTimeout(timer)
  }

  /** Connects it to the process. */
  listen(note: (text: string) => void): void {
    let askedMs = 0
    const onSignal = (): void => {
      if (!this.isAsked) {
        askedMs = performance.now()
        this.ask()
        return
      }
      if (performance.now() - askedMs < ECHO_MS_MAX) return
      note(this.#leaveBehind === '' ? 'stopped' : `stopped at once: ${this.#leaveBehind}`)
      process.exit(ExitCode.interrupted)
    }
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
  }
}
