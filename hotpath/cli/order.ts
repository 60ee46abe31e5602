/** `sor order`: sends an order, shows the plan, the fills as they come and what it cost; Ctrl-C cancels it first. */
import type { CostReport, ExecutionReport, NewOrder, OrderClient, PlanExplanation } from '../client/order-client.ts'
import { isEndedStatus } from '../client/order-types.ts'
import { renderPlanLine } from '../tca/explain-text.ts'
import { renderReportSummary } from '../tca/report-text.ts'
import type { Command, CommandCall } from './command.ts'
import { type Connection, withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'
import { type AskedNewOrder, newOrderOptions, readNewOrder } from './order-arguments.ts'
import { renderReportLine } from './report-line.ts'

export const order: Command = {
  name: 'order',
  summary: 'send an order and follow it to its end',
  usage: 'buy|sell AMOUNT SYMBOL [options]     AMOUNT is base (2.5) or quote (10000USDT)',
  options: newOrderOptions,
  examples: [
    'order buy 2.5 BTC/USDT',
    'order buy 10000USDT BTC/USDT --slippage-bps 20',
    'order sell 40 BTC/USD --limit 3900 --tif GTC',
    'order sell 3 ETH/BTC --venues binance,kraken --fee-bps 10',
  ],
  run: async (call) => {
    const asked = readNewOrder(call.positionals, call.options, Date.now())
    return withRouter(call, (connection) => new OrderRun(call, connection, asked).run())
  },
}

/** A cancel that is not answered in this time is given up: the message says how to look again. */
const CANCEL_MS_MAX = 10_000

class OrderRun {
  readonly #call: CommandCall
  readonly #client: OrderClient
  readonly #isJson: boolean
  readonly #asked: AskedNewOrder
  readonly #clientOrderId: string
  readonly #fills: ExecutionReport[] = []
  readonly #executions = new Set<string>()
  #last: ExecutionReport | undefined
  #plan: PlanExplanation | undefined
  /** Reports that came before the plan line was printed. */
  #waiting: ExecutionReport[] | undefined = []

  constructor(call: CommandCall, { client }: Connection, asked: AskedNewOrder) {
    this.#call = call
    this.#client = client
    this.#isJson = call.options.isSet('json')
    this.#asked = asked
    this.#clientOrderId = call.options.text('client-order-id') ?? makeClientOrderId()
  }

  async run(): Promise<ExitCode> {
    const { interruption, options } = this.#call
    this.#client.on('executionReport', (report) => this.#onReport(report))
    this.#client.on('state', (state) => {
      if (state === 'reconnecting') this.#call.terminal.note('connection lost; the order goes on, connecting again')
    })
    const done = this.#client.untilDone(this.#clientOrderId)
    done.catch(() => {})
    interruption.warnAbout(`order ${this.#clientOrderId} may be open: sor cancel ${this.#clientOrderId}`)
    // The router judges the order as it stands on the command line; its types would refuse some of them here.
    await this.#client.newOrder({ ...this.#asked, clientOrderId: this.#clientOrderId } as NewOrder)
    await this.#showPlan()
    if (options.isSet('detach')) return this.#end(ExitCode.ok)
    if (!this.#isEnded) await interruption.orInterrupted(done)
    if (this.#isEnded) return this.#end(this.#last?.ordStatus === 'filled' ? ExitCode.ok : ExitCode.notFilled)
    await this.#cancel(done)
    return this.#end(ExitCode.interrupted)
  }

  get #isEnded(): boolean {
    return this.#last !== undefined && isEndedStatus(this.#last.ordStatus)
  }

  #onReport(report: ExecutionReport): void {
    if (report.clientOrderId !== this.#clientOrderId) return
    this.#last = report
    const isNews = report.execType === 'orderStatus' || !this.#executions.has(report.execId)
    this.#executions.add(report.execId)
    if (report.execType === 'trade' && isNews) this.#fills.push(report)
    if (!isNews || report.execType === 'pendingNew') return
    if (this.#waiting === undefined) this.#show(report)
    else this.#waiting.push(report)
  }

  #show(report: ExecutionReport): void {
    if (!this.#isJson) this.#call.terminal.line(renderReportLine(report, this.#call.terminal.style))
  }

  /** The plan comes before the fills it led to, although they may have come faster. */
  async #showPlan(): Promise<void> {
    const { terminal } = this.#call
    try {
      this.#plan = await this.#client.explain({ clientOrderId: this.#clientOrderId })
      if (!this.#isJson) terminal.line(renderPlanLine(this.#plan, terminal.style))
    } catch (error) {
      terminal.note(`no plan to show: ${error instanceof Error ? error.message : String(error)}`)
    }
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const report of waiting) this.#show(report)
  }

  async #cancel(done: Promise<ExecutionReport>): Promise<void> {
    const { terminal } = this.#call
    terminal.note(`interrupted: cancelling order ${this.#clientOrderId} first`)
    try {
      await this.#client.cancel({ clientOrderId: this.#clientOrderId })
      const last = await Promise.race([done, pause(CANCEL_MS_MAX)])
      if (last !== undefined) {
        terminal.note(`order ${this.#clientOrderId} is ${last.ordStatus}, ${last.cumQty} of ${last.quantity} filled`)
        return
      }
      terminal.note(`the cancel is not confirmed yet: sor status ${this.#clientOrderId}`)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      terminal.note(`the cancel did not go through (${text}): sor status ${this.#clientOrderId}`)
    }
  }

  /** The cost report, or the whole run as JSON. */
  async #end(exitCode: ExitCode): Promise<ExitCode> {
    const { terminal, interruption } = this.#call
    if (this.#isEnded) interruption.warnAbout('')
    const report = await this.#costReport()
    if (this.#isJson) {
      terminal.json({
        clientOrderId: this.#clientOrderId,
        orderId: this.#last?.orderId,
        status: this.#last?.ordStatus,
        order: this.#last,
        plan: this.#plan,
        fills: this.#fills,
        report,
        exitCode,
      })
      return exitCode
    }
    if (report !== undefined && report.filledQuantity !== '0') {
      terminal.line()
      terminal.line(renderReportSummary(report, terminal.style))
    }
    if (exitCode === ExitCode.ok && this.#call.options.isSet('detach')) {
      terminal.line(`order ${this.#last?.orderId} works on: sor status ${this.#clientOrderId}`)
    }
    return exitCode
  }

  /** The order is done whatever becomes of its report. */
  async #costReport(): Promise<CostReport | undefined> {
    try {
      return await this.#client.report({ clientOrderId: this.#clientOrderId })
    } catch (error) {
      this.#call.terminal.note(`no cost report: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref()
  })
}

/** 'sor-' and 64 random bits: short enough to type again. */
function makeClientOrderId(): string {
  const words = crypto.getRandomValues(new Uint32Array(2))
  return `sor-${Array.from(words, (word) => word.toString(36).padStart(7, '0')).join('')}`
}
