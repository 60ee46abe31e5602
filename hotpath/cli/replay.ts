/** `sor replay`: starts a router on a recording and says how to reach it; runs until Ctrl-C. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command, CommandCall } from './command.ts'
import { usageError } from './command.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'

export const replay: Command = {
  name: 'replay',
  summary: 'start a router on a recording, with paper fills',
  usage: 'DIR [--speed X] [--port N] [--hold-seconds N]',
  options: [
    { name: 'speed', value: 'X', help: 'market seconds per second (default 1)' },
    { name: 'port', value: 'N', help: 'where the router listens (default 7001; 0: a free one)' },
    { name: 'hold-seconds', value: 'N', help: 'of book snapshots: how long one instant stands' },
  ],
  examples: ['replay recordings/monday', 'replay ../shared/data/orderbook-snapshots-2019 --port 0'],
  run: runReplay,
}

/** Of its own, so that a replay does not meet the journal of the router on another market. */
const STATE_DIRECTORY = '.sor/replay'
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

async function runReplay(call: CommandCall): Promise<ExitCode> {
  const { positionals, options, terminal, interruption } = call
  if (positionals.length !== 1) throw usageError('replay one DIR')
  const [folder] = positionals
  if (!existsSync(folder)) throw usageError(`there is no ${folder}`)
  const state = options.text('state') ?? STATE_DIRECTORY
  const args = [MAIN, '--market', `replay:${folder}`, '--state', state]
  for (const name of ['speed', 'port', 'hold-seconds']) {
    const value = options.number(name, 0, name === 'port' ? 65_535 : 1_000_000)
    if (value !== undefined) args.push(`--${name}`, value.toString())
  }
  if (options.isSet('json'))
    terminal.json({ market: `replay:${folder}`, state, command: [process.execPath, ...args] }, true)
  else terminal.note(`orders go there with --state ${state}, like: sor status --state ${state}`)
  // In a process group of its own: Ctrl-C comes to us alone, and we hand it on once.
  const stdio = options.isSet('json') ? (['ignore', 2, 2] as const) : (['ignore', 'inherit', 'inherit'] as const)
  const router = spawn(process.execPath, args, { detached: true, stdio: [...stdio] })
  const stop = (): void => {
    router.kill('SIGINT')
  }
  interruption.signal.addEventListener('abort', stop, { once: true })
  interruption.warnAbout(`the router on ${folder} may still be stopping`)
  const code = await new Promise<number | null>((resolve, reject) => {
    router.on('error', reject)
    router.on('exit', resolve)
  })
  if (code === 0) return ExitCode.ok
  throw new CommandFailure(ExitCode.failed, `the router ended with exit code ${code ?? 'none: it was killed'}`)
}
