/**
 * `sor record --venues`: what the exchanges send, as they send it: own connections, a file per venue in the layout that
 * `npm run frames` and `sor replay` read. At the end each book's hash is written, so that a replay can prove itself.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { Prng } from '../../shared/prng.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { BookSync } from '../marketdata/book-keeper.ts'
import { CaptureWriter } from '../marketdata/capture-writer.ts'
import { depthHash } from '../marketdata/depth-hash.ts'
import { FeedDuty } from '../marketdata/feed-duty.ts'
import { findLiveTerms, type LiveWish } from '../marketdata/live-terms.ts'
import { readdresser } from '../marketdata/readdress.ts'
import { formatFixed } from '../tca/figures.ts'
import { loadConfig } from '../threads/config-file.ts'
import { MachineClock } from '../threads/machine-clock.ts'
import { HttpsLink } from '../venues/door/https-link.ts'
import { WebsocketLink } from '../venues/door/websocket-link.ts'
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import { captureNameOf } from '../venues/feed-registry.ts'
import type { CommandCall } from './command.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { ProgressBar } from './progress-bar.ts'

/** Text of one part of a file, before it is packed. */
const PART_BYTES_MAX = 256 * 2 ** 20
const TURN_MS = 2
const SHOW_MS = 200

export interface VenueRecordWish {
  readonly folder: string
  readonly seconds: number | undefined
  readonly venues: readonly string[]
  readonly symbols: readonly string[]
  /** File with `live.endpoints`, when addresses are not the venues' own. */
  readonly configFile: string | undefined
}

export async function recordVenues(call: CommandCall, wish: VenueRecordWish): Promise<ExitCode> {
  const { terminal, interruption, options, environment } = call
  const loaded = loadConfig({ environment, ...(wish.configFile !== undefined && { file: wish.configFile }) })
  if (!loaded.ok) throw new CommandFailure(ExitCode.usage, loaded.errors.join('\n'))
  mkdirSync(wish.folder, { recursive: true })
  const clock = new MachineClock()
  const writers = new Map<string, CaptureWriter>()
  const writerOf = (venue: FeedVenue): CaptureWriter => {
    const known = writers.get(venue.id)
    if (known !== undefined) return known
    const config = { l2_book: wish.symbols, trades: wish.symbols }
    const file = { folder: wish.folder, exchange: captureNameOf(venue), config, clock, partBytesMax: PART_BYTES_MAX }
    const writer = new CaptureWriter(file)
    writers.set(venue.id, writer)
    return writer
  }
  const live: LiveWish = {
    venues: wish.venues,
    symbols: wish.symbols,
    doors: { http: new HttpsLink(), sockets: new WebsocketLink(), clock, chance: new Prng(process.pid) },
    readdress: readdresser(loaded.config.live.endpoints),
    tap: (venue, url, body) => writerOf(venue).onHttp(`${venue.id}.listings`, url, body),
    say: (line) => terminal.note(line),
    pause: (ms) => pauseOrStop(call, ms),
  }
  const terms = await findLiveTerms(live)
  const feeds = new FeedDuty(terms.followed, {
    doors: live.doors,
    events: { onBook: () => undefined, onBookLost: () => undefined, onTrade: () => undefined },
    say: live.say,
    tap: writerOf,
    ...(live.readdress !== undefined && { readdress: live.readdress }),
  })
  const startMs = performance.now()
  const elapsed = (): number => (performance.now() - startMs) / 1_000
  const bar = new ProgressBar(terminal, 'record', wish.seconds ?? 0, startMs)
  const lines = (): number => [...writers.values()].reduce((all, writer) => all + writer.lines, 0)
  let shownMs = 0
  while (!interruption.isAsked && elapsed() < (wish.seconds ?? Number.POSITIVE_INFINITY)) {
    feeds.work(clock.monoNs())
    await interruption.pause(TURN_MS)
    if (performance.now() - shownMs < SHOW_MS) continue
    shownMs = performance.now()
    bar.update(elapsed(), shownMs, `${formatFixed(lines(), 0)} events`)
  }
  const venues = finish(feeds, terms.followed, writerOf)
  feeds.close()
  for (const writer of writers.values()) writer.close()
  bar.end(elapsed(), performance.now(), `${formatFixed(lines(), 0)} events`)
  const files = [...writers.values()].flatMap((writer) => writer.paths)
  const result = {
    folder: resolve(wish.folder),
    files,
    seconds: elapsed(),
    events: lines(),
    notes: terms.notes,
    venues,
  }
  if (options.isSet('json')) terminal.json(result)
  else {
    for (const note of terms.notes) terminal.note(note)
    terminal.line(
      `recorded ${result.folder}: check it with npm run frames -- ${wish.folder}, play it with sor replay ${wish.folder}`,
    )
  }
  return interruption.isAsked && wish.seconds !== undefined ? ExitCode.interrupted : ExitCode.ok
}

/** Writes the hash of every whole book of each venue; answers them too. */
function finish(
  feeds: FeedDuty,
  followed: readonly { readonly feed: FeedVenue; readonly venue: VenueIndex }[],
  writerOf: (venue: FeedVenue) => CaptureWriter,
): readonly { venue: string; hashes: Readonly<Record<string, string>> }[] {
  return followed.map(({ feed, venue }) => {
    const hashes: Record<string, string> = {}
    feeds.eachBook((at, name, book) => {
      if (at === venue && book.sync === BookSync.live) hashes[name] = depthHash(book.depth)
    })
    writerOf(feed).onBooks(hashes)
    return { venue: feed.id, hashes }
  })
}

/** Ends the search for venues on Ctrl-C. */
async function pauseOrStop({ interruption }: CommandCall, ms: number): Promise<void> {
  if (interruption.isAsked) throw new CommandFailure(ExitCode.interrupted, 'nothing was recorded')
  await interruption.pause(ms)
}
