/** Starts a process that outlives the router (paper venues, emulators, ccxt) and waits until it says that it is there. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withoutKeys } from '../venues/native/credentials.ts'

export const START_MS_MAX = 20_000
const POLL_MS = 10

export interface HostStart {
  /** 'paper venues', for messages. */
  readonly what: string
  readonly script: URL
  readonly args: readonly string[]
  readonly logFile: string
  readonly isReady: () => boolean
  /** Infinity: as long as it takes, telling what it says meanwhile. */
  readonly msMax?: number
  readonly say?: (line: string) => void
  readonly environment?: Readonly<Record<string, string>>
  /** Venues whose keys it needs: it is given no others. */
  readonly keysOf?: readonly string[]
}

/** Started by this process and alive. */
const started = new Set<ChildProcess>()

/** Ends what was started: for a router that never came up, whose processes nobody would find. */
export function endStarted(): void {
  for (const child of started) child.kill('SIGTERM')
}

/** Throws a line for people: what the process said last, or that it said nothing. */
export async function startHost(start: HostStart): Promise<void> {
  const { what, script, args, logFile, isReady, msMax = START_MS_MAX, say, keysOf = [] } = start
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', log],
    env: { ...withoutKeys(process.env, keysOf), ...start.environment },
  })
  closeSync(log)
  child.unref()
  let isOver = false
  started.add(child)
  child.once('exit', () => {
    isOver = true
    started.delete(child)
  })
  let told = 0
  const tell = (): void => {
    if (say === undefined) return
    const lines = readFileSync(logFile, 'utf8').split('\n').slice(0, -1)
    for (; told < lines.length; told++) say(lines[told])
  }
  await until(
    () => {
      tell()
      return isOver || isReady()
    },
    () => `${what} did not start within ${msMax / 1_000} s; see ${logFile}`,
    msMax,
  )
  if (!isReady()) throw new Error(readFileSync(logFile, 'utf8').trim() || `${what} ended; see ${logFile}`)
}

/** Is it alive and one of ours? After a reboot the number in a file may belong to anybody's process. */
export function isHostProcess(pid: number, script: string): boolean {
  if (!isAlive(pid)) return false
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)
  } catch {
    return process.platform !== 'linux'
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Throws the complaint when it takes longer than that. */
export async function until(isTrue: () => boolean, complaint: () => string, msMax = START_MS_MAX): Promise<void> {
  for (let waited = 0; !isTrue(); waited += POLL_MS) {
    if (waited > msMax) throw new Error(complaint())
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
