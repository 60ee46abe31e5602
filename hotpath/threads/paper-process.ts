/** Finds the paper venues of this state directory, or starts them: a process that outlives the router. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PaperInfo, readPaperInfo } from '../venues/paper/paper-info.ts'

const START_MS_MAX = 20_000
const POLL_MS = 10

export interface PaperWish {
  readonly stateDirectory: string
  /** 'calibrated' or 'replay:PATH'. */
  readonly market: string
  readonly seed: number
  readonly speed: number
  readonly holdSeconds?: number
}

export interface PaperProcess {
  readonly infoFile: string
  readonly info: PaperInfo
  /** They were running before: our orders of then may be open there. */
  readonly wasRunning: boolean
  /** Ends them; for a router that stops in good order. */
  stop(): void
}

/** Throws a line for people when they cannot be started, or when others than asked for are running. */
export async function findPaperVenues(wish: PaperWish): Promise<PaperProcess> {
  mkdirSync(wish.stateDirectory, { recursive: true, mode: 0o700 })
  const infoFile = path.resolve(wish.stateDirectory, 'paper.json')
  const kept = readPaperInfo(infoFile)
  if (kept !== undefined && isPaperHost(kept.pid)) {
    if (kept.market === wish.market && kept.seed === wish.seed) return found(infoFile, kept, true)
    process.kill(kept.pid, 'SIGTERM')
    await until(
      () => !isAlive(kept.pid),
      () => `paper venues of another market (process ${kept.pid}) do not end`,
    )
  }
  rmSync(infoFile, { force: true })
  return found(infoFile, await start(wish, infoFile), false)
}

function found(infoFile: string, info: PaperInfo, wasRunning: boolean): PaperProcess {
  const stop = () => {
    if (isPaperHost(info.pid)) process.kill(info.pid, 'SIGTERM')
  }
  return { infoFile, info, wasRunning, stop }
}

async function start(wish: PaperWish, infoFile: string): Promise<PaperInfo> {
  const logFile = path.resolve(wish.stateDirectory, 'paper.log')
  const log = openSync(logFile, 'w', 0o600)
  const script = fileURLToPath(new URL('../venues/paper/paper-host.ts', import.meta.url))
  const hold = wish.holdSeconds === undefined ? [] : ['--hold-seconds', String(wish.holdSeconds)]
  const flags = [
    '--market',
    wish.market,
    '--seed',
    String(wish.seed),
    '--speed',
    String(wish.speed),
    '--info',
    infoFile,
  ]
  const child = spawn(process.execPath, [script, ...flags, ...hold], {
    detached: true,
    stdio: ['ignore', 'ignore', log],
  })
  closeSync(log)
  child.unref()
  let isOver = false
  child.once('exit', () => {
    isOver = true
  })
  await until(
    () => isOver || readPaperInfo(infoFile) !== undefined,
    () => `paper venues did not start within ${START_MS_MAX / 1_000} s; see ${logFile}`,
  )
  const info = readPaperInfo(infoFile)
  if (info === undefined) throw new Error(readFileSync(logFile, 'utf8').trim() || `paper venues ended; see ${logFile}`)
  return info
}

/** Is it alive and one of ours? After a reboot the number in the file may belong to anybody's process. */
export function isPaperHost(pid: number): boolean {
  if (!isAlive(pid)) return false
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('paper-host')
  } catch {
    return process.platform !== 'linux'
  }
}

async function until(isTrue: () => boolean, complaint: () => string): Promise<void> {
  for (let waited = 0; !isTrue(); waited += POLL_MS) {
    if (waited > START_MS_MAX) throw new Error(complaint())
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
