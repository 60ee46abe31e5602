/** Exit codes of `sor`: stable, for scripts. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  denied: 3,
  cannotConnect: 4,
  notFilled: 5,
  interrupted: 130,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** One sentence each, for help and the README. */
export const exitCodeMeanings: Readonly<Record<keyof typeof ExitCode, string>> = {
  ok: 'done; an order is wholly filled, or works on as asked',
  failed: 'something went wrong; the message says what',
  usage: 'the command line is not understood; nothing was sent',
  denied: 'the router refused; the reason is printed and nothing changed',
  cannotConnect: 'no router answers there, or it does not accept the key',
  notFilled: 'the order ended partly filled or not filled',
  interrupted: 'Ctrl-C: open orders of this command were cancelled first',
}

/** An end that the person is told about in one line, without a stack. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: ExitCode
  /** Stable word for --json: a deny reason, or the name of the exit code. */
  readonly reason: string

  constructor(exitCode: ExitCode, message: string, reason = exitCodeName(exitCode)) {
    super(message)
    this.exitCode = exitCode
    this.reason = reason
  }
}

export function exitCodeName(code: ExitCode): string {
  const entry = Object.entries(ExitCode).find(([, value]) => value === code)
  return entry === undefined ? 'failed' : entry[0]
}
