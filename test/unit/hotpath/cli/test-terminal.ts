/** A terminal that keeps what is printed. */
import { Terminal } from '../../../../hotpath/cli/terminal.ts'

export class TestTerminal {
  readonly terminal: Terminal
  out = ''
  err = ''

  constructor(isTTY = false, environment: Readonly<Record<string, string>> = {}) {
    const stream = (keep: (text: string) => void) => ({ isTTY, columns: 80, rows: 24, write: keep })
    this.terminal = new Terminal(
      stream((text) => {
        this.out += text
      }),
      stream((text) => {
        this.err += text
      }),
      environment,
    )
  }

  get lines(): string[] {
    return this.out.split('\n').slice(0, -1)
  }
}
