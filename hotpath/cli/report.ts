/** `sor report`: what an order cost, where and against which baselines; as text, JSON or one HTML page. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { renderReportHtml } from '../tca/report-html.ts'
import { renderReport } from '../tca/report-text.ts'
import type { Command } from './command.ts'
import { readOneReference, referenceOption, withRouter } from './connection.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'

export const report: Command = {
  name: 'report',
  summary: 'show what an order cost, by part, by venue and against the baselines',
  usage: 'ORDER [--html FILE] [--json]',
  options: [
    referenceOption,
    { name: 'html', value: 'FILE', help: 'also write one self-contained HTML page with plots' },
  ],
  examples: ['report 17', 'report my-order-1 --html cost.html', 'report 17 --json'],
  run: async (call) => {
    const { options, terminal } = call
    const reference = readOneReference(call)
    const file = options.text('html')
    return withRouter(call, async ({ client }) => {
      const cost = await client.report(reference)
      if (options.isSet('json')) terminal.json(cost)
      else terminal.line(renderReport(cost, terminal.style))
      if (file !== undefined) writePage(file, renderReportHtml(cost), (text) => terminal.note(text))
      return ExitCode.ok
    })
  },
}

function writePage(file: string, page: string, note: (text: string) => void): void {
  try {
    writeFileSync(file, page)
  } catch (error) {
    throw new CommandFailure(ExitCode.failed, `cannot write ${file}: ${(error as Error).message}`)
  }
  note(`written: ${resolve(file)}`)
}
