/** `sor venues`: every venue: may orders go there, how fast it answers, how fresh its books are, how its feed heals. */
import type { VenueInfo } from '../client/order-client.ts'
import { renderTable, type TextColumn, type TextStyle, withoutControls } from '../tca/text-table.ts'
import type { Command } from './command.ts'
import { usageError } from './command.ts'
import { withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'

export const venues: Command = {
  name: 'venues',
  summary: 'show every venue: connection, latency, age and state of its books, gaps and resyncs',
  usage: '[--json]',
  options: [],
  examples: ['venues', 'venues --json'],
  run: async (call) => {
    if (call.positionals.length > 0) throw usageError('venues takes nothing but --json')
    return withRouter(call, async ({ client, router }) => {
      const { terminal, options } = call
      const all = await client.venues()
      if (options.isSet('json')) terminal.json(all)
      else for (const line of renderVenues(all, router.market, terminal.style)) terminal.line(line)
      return ExitCode.ok
    })
  },
}

const columns: readonly TextColumn[] = [
  { head: 'venue', align: 'left' },
  { head: 'orders', align: 'left' },
  { head: 'latency', align: 'right' },
  { head: 'books', align: 'left' },
  { head: 'age ms', align: 'right' },
  { head: 'feed', align: 'left' },
  { head: 'delay ms', align: 'right' },
  { head: 'gaps', align: 'right' },
  { head: 'resyncs', align: 'right' },
  { head: 'checksum', align: 'right' },
  { head: 'trouble', align: 'left' },
]

/** One line a venue; columns of the feed are blank where the market has none of its own. */
export function renderVenues(all: readonly VenueInfo[], market: string, style: TextStyle): readonly string[] {
  const rows = all.map(({ id, up, ready, latencyUs = 0, books, bookAgeMs = -1, feed }) => [
    id,
    ready === true ? style.good('ready') : up === true ? 'reconciling' : style.bad('down'),
    latencyUs === 0 ? '-' : `${(latencyUs / 1_000).toFixed(1)} ms`,
    Object.entries(books)
      .map(([state, count]) => (state === 'live' ? `${count} live` : style.bad(`${count} ${state}`)))
      .join(', '),
    bookAgeMs < 0 ? '-' : String(bookAgeMs),
    feed?.state ?? '-',
    feed?.delayMs === undefined ? '-' : String(feed.delayMs),
    feed === undefined ? '-' : String(feed.gaps),
    feed === undefined ? '-' : String(feed.resyncs),
    feed === undefined ? '-' : String(feed.checksumFaults),
    withoutControls(feed?.trouble ?? ''),
  ])
  return [`${all.length} venues (market ${market})`, ...renderTable(columns, rows, style)]
}
