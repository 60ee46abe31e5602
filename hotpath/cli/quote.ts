/** `sor quote`: what an order would do now and what it would cost, without sending it. */
import type { PlanExplanation, QuoteAsk } from '../client/order-client.ts'
import { OrderDenied } from '../client/order-client.ts'
import { renderExplanation } from '../tca/explain-text.ts'
import type { Command, CommandCall } from './command.ts'
import { type Connection, withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'
import { type AskedOrder, orderOptions, readOrder } from './order-arguments.ts'

export const quote: Command = {
  name: 'quote',
  summary: 'show what an order would do now, without sending it',
  usage: 'buy|sell AMOUNT SYMBOL [options]',
  options: orderOptions,
  examples: ['quote buy 2.5 BTC/USDT', 'quote sell 10000USDT ETH/USDT --exclude okx --json'],
  run: async (call) => {
    const asked = readOrder(call.positionals, call.options)
    return withRouter(call, (connection) => runQuote(call, connection, asked))
  },
}

async function runQuote(call: CommandCall, { client }: Connection, asked: AskedOrder): Promise<ExitCode> {
  try {
    // The router judges what the command line says.
    print(call, await client.quote(asked as QuoteAsk))
    return ExitCode.ok
  } catch (error) {
    // A refused quote may still show the candidates: why nothing is possible.
    if (error instanceof OrderDenied && error.explanation !== undefined && !call.options.isSet('json')) {
      print(call, error.explanation as PlanExplanation)
    }
    throw error
  }
}

function print({ terminal, options }: CommandCall, plan: PlanExplanation): void {
  if (options.isSet('json')) terminal.json(plan)
  else terminal.line(renderExplanation(plan, terminal.style))
}
