/** The append-only file behind one emulated venue: every line is with the system before the venue answers. */
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'

export class EmulatorStateFile {
  /** Of an earlier life. */
  readonly lines: readonly string[]
  readonly #file: number

  /** Reads what there is and goes on behind it; a line cut by a crash is cut off. Throws what the file system throws. */
  constructor(path: string) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    this.lines = whole.split('\n').filter((line) => line !== '')
    const draft = `${path}.${process.pid}`
    writeFileSync(draft, newest(this.lines), { mode: 0o600 })
    renameSync(draft, path)
    this.#file = openSync(path, 'a', 0o600)
  }

  append(lines: string): void {
    writeSync(this.#file, `${lines}\n`)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Only the last line of every order and balance, in place of its last change: the file does not grow with restarts. */
function newest(lines: readonly string[]): string {
  const kept = new Map<string, string>()
  for (const line of lines) {
    const { kind, id, account, order } = JSON.parse(line) as Record<string, unknown>
    const key = kind === 'balance' ? `balance ${account}` : kind === 'trade' ? `trade ${order} ${id}` : `order ${id}`
    kept.delete(key)
    kept.set(key, line)
  }
  return [...kept.values()].map((line) => `${line}\n`).join('')
}
