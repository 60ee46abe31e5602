/** `sor`: finds the command, runs it, and turns its end into an exit code. */
import { type Command, helpOf, helpOfAll, readArguments } from './command.ts'
import { commands } from './commands.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { Interruption } from './interruption.ts'
import { Terminal } from './terminal.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Runs `sor` with these arguments; answers the exit code and never throws. */
export async function runSor(
  args: readonly string[],
  terminal: Terminal,
  interruption: Interruption,
  environment: Environment,
): Promise<ExitCode> {
  const isJson = args.includes('--json')
  try {
    return await runCommand(args, terminal, interruption, environment)
  } catch (error) {
    const failure = asFailure(error)
    if (isJson) terminal.json({ error: { reason: failure.reason, text: failure.message }, exitCode: failure.exitCode })
    else terminal.note(`${terminal.style.bad('sor:')} ${failure.message}`)
    return failure.exitCode
  }
}

async function runCommand(
  args: readonly string[],
  terminal: Terminal,
  interruption: Interruption,
  environment: Environment,
): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(rest[0], name, terminal)
  const command = commandOf(name)
  const { positionals, options } = readArguments(command, rest)
  if (options.isSet('help')) {
    terminal.line(helpOf(command))
    return ExitCode.ok
  }
  return command.run({ positionals, options, terminal, interruption, environment })
}

/** Without any word the list is shown, and it is a usage error. */
function help(topic: string | undefined, asked: string | undefined, terminal: Terminal): ExitCode {
  terminal.line(topic === undefined ? helpOfAll(commands) : helpOf(commandOf(topic)))
  return asked === undefined ? ExitCode.usage : ExitCode.ok
}

function commandOf(name: string): Command {
  const command = commands.find((one) => one.name === name)
  if (command !== undefined) return command
  const names = commands.map((one) => one.name).join(' ')
  throw new CommandFailure(ExitCode.usage, `no such command: ${name}. Commands are: ${names}`)
}

/** An error that no command foresaw is a failure with its stack under SOR_DEBUG, without it one line. */
function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error
  if (!(error instanceof Error)) return new CommandFailure(ExitCode.failed, String(error))
  const isWanted = (process.env['SOR_DEBUG'] ?? '') !== ''
  return new CommandFailure(ExitCode.failed, isWanted ? (error.stack ?? error.message) : error.message)
}

/** The process: its streams, its Ctrl-C, its exit code. */
export async function main(): Promise<void> {
  const terminal = new Terminal(process.stdout, process.stderr, process.env)
  const interruption = new Interruption()
  interruption.listen((text) => terminal.note(text))
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader went away (sor ... | head): the same as Ctrl-C, so that an open order is not left behind.
      if (error.code === 'EPIPE') interruption.ask()
      else throw error
    })
  }
  process.exitCode = await runSor(process.argv.slice(2), terminal, interruption, process.env)
}
