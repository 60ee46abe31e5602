/** `sor watch`: books, orders and fills as they happen. A screen of its own on a terminal, plain lines elsewhere. */
import type { OrderClient } from '../client/order-client.ts'
import { withoutControls } from '../tca/text-table.ts'
import type { Command, CommandCall } from './command.ts'
import { usageError } from './command.ts'
import { type Connection, withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'
import { readSymbol } from './order-arguments.ts'
import { renderReportLine } from './report-line.ts'
import { WatchBoard } from './watch-board.ts'

export const watch: Command = {
  name: 'watch',
  summary: 'a live view of one instrument: consolidated book, open orders, fills',
  usage: '[SYMBOL] [--seconds N] [--json]',
  options: [{ name: 'seconds', value: 'N', help: 'end after N seconds (default: until q or Ctrl-C)' }],
  examples: ['watch', 'watch ETH/USDT', 'watch BTC/USDT --seconds 10 --json'],
  run: async (call) => {
    if (call.positionals.length > 1) throw usageError('watch one SYMBOL')
    const asked = call.positionals.length === 0 ? undefined : readSymbol(call.positionals[0])
    const seconds = call.options.number('seconds', 0, SECONDS_MAX)
    return withRouter(call, (connection) => runWatch(call, connection, asked, seconds))
  },
}

const SECONDS_MAX = 86_400_000
const DEPTH = 20
/** At most ten redraws a second; lines of a log come once a second. */
const REDRAW_MS = 100
const LOG_MS = 1_000
const TIMER_MS_MAX = 2 ** 31 - 1

async function runWatch(
  call: CommandCall,
  { client, router }: Connection,
  asked: string | undefined,
  seconds: number | undefined,
): Promise<ExitCode> {
  const { terminal, interruption, options } = call
  const symbol = asked ?? (await client.instruments())[0]?.symbol
  if (symbol === undefined) throw usageError('the router has no instruments')
  const simulated = router.simulated ? 'simulated fills' : 'real fills'
  const board = new WatchBoard(
    symbol,
    `market ${withoutControls(router.market)}, ${simulated}, account ${router.account}`,
  )
  const show = options.isSet('json') ? showJson : terminal.isInteractive ? showScreen : showLines
  const stop = show(call, client, board)
  try {
    await client.subscribe({ channel: 'book', symbol, depth: DEPTH, intervalMs: REDRAW_MS })
    await client.subscribe({ channel: 'trades', symbol })
    await client.openOrders()
    await interruption.pause(seconds === undefined ? TIMER_MS_MAX : Math.min(seconds * 1_000, TIMER_MS_MAX))
  } finally {
    stop()
  }
  // Ctrl-C is the ordinary way to end a view without an end of its own.
  return interruption.isAsked && seconds !== undefined ? ExitCode.interrupted : ExitCode.ok
}

/** Every message as it came, one a line. */
function showJson({ terminal }: CommandCall, client: OrderClient, board: WatchBoard): () => void {
  return together([
    client.on('book', (book) => terminal.json(book, true)),
    client.on('trade', (trade) => {
      if (trade.symbol === board.symbol) terminal.json(trade, true)
    }),
    client.on('executionReport', (report) => terminal.json(report, true)),
    client.on('state', (state) => terminal.json({ type: 'state', state }, true)),
  ])
}

function showLines({ terminal }: CommandCall, client: OrderClient, board: WatchBoard): () => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return together([
    client.on('book', (book) => {
      board.onBook(book)
      if (performance.now() - lastMs < LOG_MS) return
      lastMs = performance.now()
      terminal.line(board.bookLine())
    }),
    client.on('executionReport', (report) => {
      const name = `${withoutControls(report.clientOrderId)} ${report.side} ${withoutControls(report.symbol)}`
      terminal.line(`order ${name}  ${renderReportLine(report, terminal.style)}`)
    }),
    client.on('state', (state) => terminal.note(state)),
  ])
}

/** One way to stop listening for several. */
function together(stops: readonly (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop()
  }
}

function showScreen({ terminal, interruption }: CommandCall, client: OrderClient, board: WatchBoard): () => void {
  let isChanged = true
  const change = (tell: () => void): void => {
    tell()
    isChanged = true
  }
  client.on('book', (book) => change(() => board.onBook(book)))
  client.on('trade', (trade) => change(() => board.onTrade(trade)))
  client.on('executionReport', (report) => change(() => board.onReport(report)))
  client.on('state', (state) => change(() => board.onState(state)))
  const draw = (): void => {
    if (!isChanged) return
    isChanged = false
    terminal.screen(board.render(terminal.style, terminal.columns, terminal.rows - 1))
  }
  terminal.enterScreen()
  const timer = setInterval(draw, REDRAW_MS)
  const stopKeys = listenToKeys(() => interruption.ask())
  return () => {
    clearInterval(timer)
    stopKeys()
    terminal.leaveScreen()
  }
}

const CTRL_C = String.fromCharCode(3)

/** q and Ctrl-C; in raw mode Ctrl-C is a key like others. */
function listenToKeys(quit: () => void): () => void {
  const keys = process.stdin
  if (!keys.isTTY) return () => {}
  const onKey = (key: Buffer): void => {
    const text = key.toString('latin1')
    if (text === 'q' || text === 'Q' || text.includes(CTRL_C)) quit()
  }
  keys.setRawMode(true)
  keys.on('data', onKey)
  keys.resume()
  return () => {
    keys.off('data', onKey)
    keys.setRawMode(false)
    keys.pause()
  }
}
