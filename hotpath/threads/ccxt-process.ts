/** The process of the ccxt venues, found or started, with the router's link to it. */
import { hash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import { Prng } from '../../shared/prng.ts'
import { readCredentials } from '../venues/native/credentials.ts'
import type { PaperMarket } from '../venues/paper/paper-hello.ts'
import { readPaperInfo } from '../venues/paper/paper-info.ts'
import { PaperLink } from '../venues/paper/paper-link.ts'
import { SocketPipe } from '../venues/paper/socket-pipe.ts'
import { isAlive, isHostProcess, startHost, until } from './host-process.ts'
import type { MachineClock } from './machine-clock.ts'

type Environment = Readonly<Record<string, string | undefined>>

const SCRIPT = 'ccxt-host'
const WELCOME_MS_MAX = 10_000

export interface CcxtProcess {
  readonly link: PaperLink
  readonly market: PaperMarket
  stop(): void
}

/** Undefined when no venue is asked for through ccxt. Throws a line for people when the process does not come up. */
export async function openCcxt(
  config: HotpathConfig,
  clock: MachineClock,
  environment: Environment,
  say: (line: string) => void,
): Promise<CcxtProcess | undefined> {
  const { stateDirectory, live } = config
  const ids = ccxtVenues(config)
  for (const id of live.ccxt)
    if (!ids.includes(id)) say(`${id}: not emulated, and real orders do not go beside emulators`)
  if (ids.length === 0) return undefined
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const infoFile = path.resolve(stateDirectory, 'ccxt.json')
  const name = `ccxt:${ids.join(',')}`
  const bases = ids.flatMap((id) => {
    const endpoints = live.endpoints[id]
    return endpoints === undefined ? [] : ['--url-base', `${id}=${endpoints.rest}`]
  })
  const asked = [live.symbols.join(','), ...bases, keysMark(ids, environment)].join(' ')
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
        ...['--venues', ids.join(','), '--symbols', live.symbols.join(','), '--info', infoFile, ...bases],
        ...['--asked', asked, '--waited-by', String(process.pid)],
      ],
      logFile: path.resolve(stateDirectory, 'ccxt.log'),
      isReady: runs,
      keysOf: ids,
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

/**
 * Those asked for. Beside emulators only such as stand on this machine: ccxt has real addresses and real keys, and a market
 * that is called emulated must not trade.
 */
export function ccxtVenues({ market, live }: Pick<HotpathConfig, 'market' | 'live'>): readonly string[] {
  if (market !== 'emulated') return live.ccxt
  return live.ccxt.filter((id) => {
    const endpoints = live.endpoints[id]
    return endpoints !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoints.rest).hostname)
  })
}

/** Changes with the keys of these venues and tells nothing of them: 64 bits of a hash over all of them together. */
export function keysMark(venues: readonly string[], environment: Environment): string {
  const words = venues.map((id) => {
    const keys = readCredentials(id, environment)
    return keys === undefined ? [id] : [id, keys.key, keys.secret, keys.passphrase, keys.privateKey]
  })
  return hash('sha256', JSON.stringify(words)).slice(0, 16)
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
