/** Finds the paper venues of this state directory, or starts them: a process that outlives the router. */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { LiveConfig } from '../../shared/config/hotpath-config.ts'
import { type PaperInfo, readPaperInfo } from '../venues/paper/paper-info.ts'
import { isAlive, isHostProcess, START_MS_MAX, startHost, until } from './host-process.ts'

const SCRIPT = 'paper-host'

export interface PaperWish {
  readonly stateDirectory: string
  /** 'calibrated', 'live' or 'replay:PATH'. */
  readonly market: string
  readonly seed: number
  readonly speed: number
  readonly holdSeconds?: number
  /** Of the live market: which venues and symbols. */
  readonly live: Pick<LiveConfig, 'venues' | 'symbols' | 'endpoints'>
  /** What the process says while it looks for its venues. */
  readonly say: (line: string) => void
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
    if (kept.market === wish.market && kept.seed === wish.seed && (kept.asked ?? '') === askedOf(wish)) {
      return found(infoFile, kept, true)
    }
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
  const { market, seed, speed, holdSeconds, live, say } = wish
  const hold = holdSeconds === undefined ? [] : ['--hold-seconds', String(holdSeconds)]
  const isLive = market === 'live'
  const waited = ['--waited-by', String(process.pid), '--endpoints', endpointsText(live)]
  const follow = isLive ? ['--venues', live.venues.join(','), '--symbols', live.symbols.join(','), ...waited] : []
  await startHost({
    what: 'paper venues',
    script: new URL('../venues/paper/paper-host.ts', import.meta.url),
    args: [
      '--market',
      market,
      '--seed',
      String(seed),
      '--speed',
      String(speed),
      '--info',
      infoFile,
      ...hold,
      ...follow,
    ],
    logFile: path.resolve(wish.stateDirectory, 'paper.log'),
    isReady: () => readPaperInfo(infoFile) !== undefined,
    // Without a network the live market waits for one, as long as it takes.
    msMax: isLive ? Number.POSITIVE_INFINITY : START_MS_MAX,
    ...(isLive && { say }),
  })
  const info = readPaperInfo(infoFile)
  if (info === undefined) throw new Error(`paper venues left no ${infoFile}`)
  return info
}

/** Is it alive and one of ours? */
export function isPaperHost(pid: number): boolean {
  return isHostProcess(pid, SCRIPT)
}

/** Where public feeds are, as the process is told. */
function endpointsText({ endpoints }: PaperWish['live']): string {
  return JSON.stringify(endpoints)
}

/** What was asked of the live market, as the process repeats it. */
function askedOf({ market, live }: PaperWish): string {
  return market === 'live' ? `${live.venues.join(',')} ${live.symbols.join(',')} ${endpointsText(live)}` : ''
}
