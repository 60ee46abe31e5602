/** The paper venues of a state directory, found or started, with the router's link to them. */
import { Prng } from '../../shared/prng.ts'
import type { CoreSetup } from '../routing/compose-core.ts'
import type { PaperMarket } from '../venues/paper/paper-hello.ts'
import { readPaperInfo } from '../venues/paper/paper-info.ts'
import { PaperLink } from '../venues/paper/paper-link.ts'
import type { PipeOpener } from '../venues/paper/pipe.ts'
import { SocketPipe } from '../venues/paper/socket-pipe.ts'
import type { MachineClock } from './machine-clock.ts'
import { findPaperVenues, type PaperProcess } from './paper-process.ts'
import { PaperSide } from './paper-side.ts'
import type { RouterOptions } from './start-router.ts'
import type { VenueSide } from './venue-side.ts'

/** Books are kept with every level when the whole table stays below this many levels (32 MB), else with the best ones. */
const TABLE_LEVELS_MAX = 2_097_152
const WELCOME_MS_MAX = 10_000

/** What a router stands on, whichever venues they are. */
export interface OpenedVenues {
  readonly side: VenueSide
  readonly market: CoreSetup['market']
  /** One line each, for the banner. */
  readonly notes: readonly string[]
  /** They were there before: our orders of then may be open. */
  readonly wereRunning: boolean
  /** Ends what was started for this router; real venues go on. */
  stop(): void
}

/** How a thread reaches them: its own sockets, or the rings to another's (then `turn` moves what is in them). */
export interface VenueAccess {
  readonly opener: (port: () => number) => PipeOpener
  readonly turn?: () => void
}

const ownSockets: VenueAccess = { opener: (port) => (events) => new SocketPipe(port(), events) }

export async function openPaperVenues(options: RouterOptions, clock: MachineClock): Promise<OpenedVenues> {
  const venues = await startPaperVenues(options)
  return { ...(await joinPaperVenues(venues, clock)), ...notesOf(venues) }
}

/** Finds them or starts them, without a link. */
export function startPaperVenues({ config, holdSeconds, say }: RouterOptions): Promise<PaperProcess> {
  return findPaperVenues({
    stateDirectory: config.stateDirectory,
    market: config.market,
    seed: config.seed,
    speed: config.speed,
    live: config.live,
    say,
    ...(holdSeconds !== undefined && { holdSeconds }),
  })
}

export function notesOf(venues: PaperProcess): Pick<OpenedVenues, 'notes' | 'wereRunning' | 'stop'> {
  return { notes: venues.info.notes, wereRunning: venues.wasRunning, stop: () => venues.stop() }
}

/** The link to them and what they say of their market. Rejects when they do not answer. */
export async function joinPaperVenues(
  venues: Pick<PaperProcess, 'infoFile' | 'info'>,
  clock: MachineClock,
  access: VenueAccess = ownSockets,
): Promise<Pick<OpenedVenues, 'side' | 'market'>> {
  const link = openLink(venues, clock, access)
  const market = await welcome(link, clock, access)
  const levelsMax = keepsAllLevels(market) ? market.levelsMax : market.levels
  return {
    side: new PaperSide(link, market, levelsMax),
    market: {
      name: market.market,
      simulated: true,
      levelsMax,
      venues: market.venues,
      instruments: market.instruments,
      listings: market.listings,
    },
  }
}

function openLink(
  venues: Pick<PaperProcess, 'infoFile' | 'info'>,
  clock: MachineClock,
  { opener }: VenueAccess,
): PaperLink {
  const info = () => readPaperInfo(venues.infoFile) ?? venues.info
  const link: PaperLink = new PaperLink({
    open: opener(() => info().port),
    account: 'router',
    token: () => info().token,
    get allLevels() {
      return link.market !== undefined && keepsAllLevels(link.market)
    },
    clock,
    chance: new Prng(process.pid),
  })
  return link
}

function keepsAllLevels({ venues, instruments, levelsMax }: PaperMarket): boolean {
  return venues.length * instruments.length * 2 * levelsMax <= TABLE_LEVELS_MAX
}

async function welcome(link: PaperLink, clock: MachineClock, { turn }: VenueAccess): Promise<PaperMarket> {
  for (let waited = 0; waited < WELCOME_MS_MAX; waited++) {
    link.work(clock.monoNs())
    turn?.()
    if (link.market !== undefined) return link.market
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error('the paper venues do not answer; remove paper.json from the state directory and start again')
}
