/** What a `sor` command is, how its arguments are read, and its help. */
import { parseArgs } from 'node:util'
import { CommandFailure, ExitCode, exitCodeMeanings } from './exit-code.ts'
import type { Interruption } from './interruption.ts'
import type { Terminal } from './terminal.ts'

export interface CommandOption {
  readonly name: string
  /** Name of its value in the help; absent for a switch. */
  readonly value?: string
  readonly help: string
}

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows `sor NAME`. */
  readonly usage: string
  readonly options: readonly CommandOption[]
  /** What follows `sor`. */
  readonly examples: readonly string[]
  run(call: CommandCall): Promise<ExitCode>
}

export interface CommandCall {
  readonly positionals: readonly string[]
  readonly options: CommandOptions
  readonly terminal: Terminal
  readonly interruption: Interruption
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Every command has these. */
export const generalOptions: readonly CommandOption[] = [
  { name: 'json', help: 'print machine-readable JSON instead of text' },
  { name: 'state', value: 'DIR', help: 'folder of the router, for client.json (default .sor)' },
  { name: 'help', help: 'print this help' },
]

/** Options as given; the questions say what is wrong in the person's words. */
export class CommandOptions {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>

  constructor(values: Readonly<Record<string, string | boolean | undefined>>) {
    this.#values = values
  }

  isSet(name: string): boolean {
    return this.#values[name] === true
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  /** A number within bounds, both included. */
  number(name: string, low: number, high: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!(value >= low && value <= high))
      throw usageError(`--${name} is a number from ${low} to ${high}, not '${text}'`)
    return value
  }

  /** Comma-separated words; undefined when absent. */
  list(name: string): readonly string[] | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const words = text.split(',').map((word) => word.trim())
    if (words.some((word) => word === '')) throw usageError(`--${name} is a list like binance,kraken`)
    return words
  }
}

export function usageError(message: string): CommandFailure {
  return new CommandFailure(ExitCode.usage, message)
}

/** Reads what follows `sor NAME`. Throws a usage failure on an unknown option or a missing value. */
export function readArguments(
  command: Command,
  args: readonly string[],
): { positionals: readonly string[]; options: CommandOptions } {
  const options = Object.fromEntries(
    [...command.options, ...generalOptions].map((option) => [
      option.name,
      { type: option.value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    return { positionals, options: new CommandOptions(values as Record<string, string | boolean | undefined>) }
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error))
  }
}

export function helpOf(command: Command): string {
  const options = [...command.options, ...generalOptions].map((option): [string, string] => [
    `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`,
    option.help,
  ])
  return [
    `sor ${command.name}: ${command.summary}`,
    '',
    `usage: sor ${command.name} ${command.usage}`.trimEnd(),
    '',
    ...columns(options),
    '',
    'examples:',
    ...command.examples.map((example) => `  sor ${example}`),
  ].join('\n')
}

export function helpOfAll(commands: readonly Command[]): string {
  const codes = Object.entries(exitCodeMeanings).map(([name, meaning]): [string, string] => [
    ExitCode[name as keyof typeof ExitCode].toString(),
    meaning,
  ])
  return [
    'sor: the command line of the Smart Order Router',
    '',
    'usage: sor COMMAND [options]        (sor help COMMAND for more)',
    '',
    ...columns(commands.map((command): [string, string] => [command.name, command.summary])),
    '',
    'exit codes:',
    ...columns(codes),
  ].join('\n')
}

function columns(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
