/** `sor cancel`: ends orders and waits until the venues have confirmed it. */
import type { ExecutionReport, OrderClient, OrderReference } from '../client/order-client.ts'
import { isEndedStatus } from '../client/order-types.ts'
import type { Command, CommandCall } from './command.ts'
import { usageError } from './command.ts'
import { type Connection, readReference, referenceOption, withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'
import { readSymbol } from './order-arguments.ts'
import { renderOrders } from './report-line.ts'

export const cancel: Command = {
  name: 'cancel',
  summary: 'cancel orders and wait for the confirmation',
  usage: 'ORDER... | --all [--symbol SYMBOL]',
  options: [
    referenceOption,
    { name: 'all', help: 'every open order of this key' },
    { name: 'symbol', value: 'SYMBOL', help: 'with --all: of this instrument only' },
  ],
  examples: ['cancel 17', 'cancel my-order-1 my-order-2', 'cancel --all --symbol BTC/USDT'],
  run: async (call) => {
    const { positionals, options } = call
    const isAll = options.isSet('all')
    if (isAll === positionals.length > 0) throw usageError('give ORDERs to cancel, or --all')
    if (options.text('symbol') !== undefined && !isAll) throw usageError('--symbol goes with --all')
    const references = positionals.map((text) => readReference(text, options.isSet('client-order-id')))
    return withRouter(call, (connection) => runCancel(call, connection, references))
  },
}

/** Venues answer in milliseconds; one that is silent keeps the order pending and is said. */
const CONFIRM_MS_MAX = 10_000

async function runCancel(
  call: CommandCall,
  { client }: Connection,
  references: readonly OrderReference[],
): Promise<ExitCode> {
  const { options, terminal, interruption } = call
  const symbol = options.text('symbol')
  const orders = new Map<string, ExecutionReport>()
  const isOver = waitForAll(client, orders)
  if (options.isSet('all')) {
    const wanted = symbol === undefined ? undefined : readSymbol(symbol)
    for (const order of await client.openOrders()) {
      if (wanted === undefined || order.symbol === wanted) isOver.expect(order)
    }
    await client.massCancel(wanted)
  }
  for (const reference of references) isOver.expect(await client.cancel(reference))
  await interruption.orInterrupted(Promise.race([isOver.wait(), pause(CONFIRM_MS_MAX)]))
  const reports = [...orders.values()]
  if (options.isSet('json')) terminal.json(reports)
  else if (reports.length === 0) terminal.line('no open orders')
  else for (const line of renderOrders(reports, terminal.style)) terminal.line(line)
  const open = reports.filter((report) => !isEndedStatus(report.ordStatus)).length
  if (open > 0) terminal.note(`${open} not confirmed yet: sor status`)
  if (interruption.isAsked) return ExitCode.interrupted
  return open > 0 ? ExitCode.failed : ExitCode.ok
}

/** Keeps the last report of every expected order; a report may come before its order is expected. */
function waitForAll(client: OrderClient, orders: Map<string, ExecutionReport>) {
  const heard = new Map<string, ExecutionReport>()
  let resolve = (): void => {}
  const isWhole = (): boolean => [...orders.values()].every((report) => isEndedStatus(report.ordStatus))
  client.on('executionReport', (report) => {
    heard.set(report.orderId, report)
    if (!orders.has(report.orderId)) return
    orders.set(report.orderId, report)
    if (isWhole()) resolve()
  })
  return {
    expect: (report: ExecutionReport): void => {
      orders.set(report.orderId, heard.get(report.orderId) ?? report)
    },
    wait: (): Promise<void> =>
      new Promise((done) => {
        resolve = done
        if (isWhole()) done()
      }),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
