/** `sor doctor`: what of this machine is used, what is missing, and what to do about it. */
import { renderTable, type TextColumn } from '../tca/text-table.ts'
import { STATE_DIRECTORY_DEFAULT } from './client-settings.ts'
import type { Command, CommandCall } from './command.ts'
import { usageError } from './command.ts'
import { ExitCode } from './exit-code.ts'
import { checkMachine } from './machine-checks.ts'

const columns: readonly TextColumn[] = [
  { head: 'check', align: 'left' },
  { head: 'verdict', align: 'left' },
  { head: 'finding', align: 'left' },
]

export const doctor: Command = {
  name: 'doctor',
  summary: 'say what of this machine is used, what is missing and what to do; needs no router',
  usage: '[--json]',
  options: [],
  examples: ['doctor', 'doctor --json'],
  run: runDoctor,
}

async function runDoctor(call: CommandCall): Promise<ExitCode> {
  const { terminal, options } = call
  if (call.positionals.length > 0) throw usageError('doctor takes no arguments')
  const checks = await checkMachine(options.text('state') ?? STATE_DIRECTORY_DEFAULT)
  const isMissing = checks.some((check) => check.verdict === 'missing')
  const exitCode = isMissing ? ExitCode.failed : ExitCode.ok
  if (options.isSet('json')) {
    terminal.json({ ok: !isMissing, checks })
    return exitCode
  }
  const { style } = terminal
  const paint = { ok: style.good, slower: style.bold, missing: style.bad }
  const rows = checks.map((check) => [check.name, paint[check.verdict](check.verdict), check.finding])
  for (const line of renderTable(columns, rows, style)) terminal.line(line)
  const advised = checks.filter((check) => check.advice !== undefined)
  if (advised.length > 0) terminal.line()
  for (const check of advised) terminal.line(`${style.bold(check.name)}: ${check.advice}`)
  terminal.line()
  terminal.line(
    isMissing ? 'something is missing: the router does not start like this' : 'the router runs on this machine',
  )
  return exitCode
}
