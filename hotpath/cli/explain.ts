/** `sor explain`: the decision behind an order, as it was made. */
import { renderExplanation } from '../tca/explain-text.ts'
import type { Command } from './command.ts'
import { readOneReference, referenceOption, withRouter } from './connection.ts'
import { ExitCode } from './exit-code.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'show how an order was routed: candidates, slices, certificate, runner-up',
  usage: 'ORDER [--json]',
  options: [referenceOption],
  examples: ['explain 17', 'explain my-order-1 --json'],
  run: async (call) => {
    const reference = readOneReference(call)
    return withRouter(call, async ({ client }) => {
      const plan = await client.explain(reference)
      if (call.options.isSet('json')) call.terminal.json(plan)
      else call.terminal.line(renderExplanation(plan, call.terminal.style))
      return ExitCode.ok
    })
  },
}
