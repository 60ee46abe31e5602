/** `sor status`: one order, or every open one. */
import type { Command } from './command.ts'
import { usageError } from './command.ts'
import { readReference, referenceOption, withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'
import { renderOrders } from './report-line.ts'

export const status: Command = {
  name: 'status',
  summary: 'show one order, or all open orders',
  usage: '[ORDER] [--json]',
  options: [referenceOption],
  examples: ['status', 'status 17', 'status my-order-1 --json'],
  run: async (call) => {
    const { positionals, options, terminal } = call
    if (positionals.length > 1) throw usageError('give one ORDER, or none for all open orders')
    const reference =
      positionals.length === 0 ? undefined : readReference(positionals[0], options.isSet('client-order-id'))
    return withRouter(call, async ({ client, router }) => {
      const orders = reference === undefined ? await client.openOrders() : [await client.status(reference)]
      if (options.isSet('json')) terminal.json(reference === undefined ? orders : orders[0])
      else if (orders.length === 0) terminal.line(`no open orders (market ${router.market})`)
      else for (const line of renderOrders(orders, terminal.style)) terminal.line(line)
      return ExitCode.ok
    })
  },
}
