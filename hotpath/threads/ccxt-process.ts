/** The process of the ccxt venues, found or started, with the router's link to it. */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import { Prng } from '../../shared/prng.ts'
import type { PaperMarket } from '../venues/paper/paper-hello.ts'
import { readPaperInfo } from '../venues/paper/paper-info.ts'
import { PaperLink } from '../venues/paper/paper-link.ts'
import { SocketPipe } from '../venues/paper/socket-pipe.ts'
import { isAlive, isHostProcess, startHost, until } from './host-process.ts'
import type { MachineClock } from './machine-clock.ts'

const SCRIPT = 'ccxt-host'
const WELCOME_MS_MAX = 10_000

export interface CcxtProcess {
  readonly link: PaperLink
  readonly market: PaperMarket
  stop(): void
}

/** Undefined when no venue is asked for through ccxt. Throws a line for people when the process does not come up. */
export async function openCcxt(
  { stateDirectory, live }: HotpathConfig,
  clock: MachineClock,
  say: (line: string) => void,
): Promise<CcxtProcess | undefined> {
  if (live.ccxt.length === 0) return undefined
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const infoFile = path.resolve(stateDirectory, 'ccxt.json')
  const name = `ccxt:${live.ccxt.join(',')}`
  const bases = live.ccxt.flatMap((id) => {
    const endpoints = live.endpoints[id]
    return endpoints === undefined ? [] : ['--url-base', `${id}=${endpoints.rest}`]
  })
  const asked = [live.symbols.join(','), ...bases].join(' ')
  const runs = () => {
    const info = readPaperInfo(infoFile)
    return info?.market === name && info.asked === asked && isHostProcess(info.pid, SCRIPT)
  }
  if (!runs()) {
    await endOther(infoFile)
    await startHost({
      what: 'ccxt venues',
      script: new URL('../venues/ccxt/ccxt-host.ts', import.meta.url),
      args: [
        ...['--venues', live.ccxt.join(','), '--symbols', live.symbols.join(','), '--info', infoFile, ...bases],
        ...['--asked', asked, '--waited-by', String(process.pid)],
      ],
      logFile: path.resolve(stateDirectory, 'ccxt.log'),
      isReady: runs,
      msMax: Number.POSITIVE_INFINITY,
      say,
    })
  }
  const link = new PaperLink({
    open: (events) => new SocketPipe(readPaperInfo(infoFile)?.port ?? 0, events),
    account: 'router',
    token: () => readPaperInfo(infoFile)?.token ?? '',
    allLevels: false,
    clock,
    chance: new Prng(process.pid),
  })
  const market = await welcome(link, clock)
  const stop = () => {
    const info = readPaperInfo(infoFile)
    if (info !== undefined && runs()) process.kill(info.pid, 'SIGTERM')
  }
  return { link, market, stop }
}

/** A process of other venues or symbols makes room: it has the account's keys. */
async function endOther(infoFile: string): Promise<void> {
  const other = readPaperInfo(infoFile)
  if (other !== undefined && isHostProcess(other.pid, SCRIPT)) {
    process.kill(other.pid, 'SIGTERM')
    await until(
      () => !isAlive(other.pid),
      () => `ccxt venues of other symbols (process ${other.pid}) do not end`,
    )
  }
  rmSync(infoFile, { force: true })
}

async function welcome(link: PaperLink, clock: MachineClock): Promise<PaperMarket> {
  for (let waited = 0; waited < WELCOME_MS_MAX; waited++) {
    link.work(clock.monoNs())
    if (link.market !== undefined) return link.market
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error('the ccxt venues do not answer; remove ccxt.json from the state directory and start again')
}
