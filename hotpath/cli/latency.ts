/** `sor latency`: where the time of orders goes, by stage and venue; of one order; and over the hops of a route. */
import { readFileSync } from 'node:fs'
import { analyseHops, type Hop, parseTraceroute } from '../latency/hop-analysis.ts'
import { probeHops } from '../latency/hop-probe.ts'
import type { LatencyReport } from '../latency/latency-report.ts'
import type { Command, CommandCall } from './command.ts'
import { usageError } from './command.ts'
import { readOneReference, referenceOption, withRouter } from './connection.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { renderHops } from './hop-table.ts'
import { renderOrderSteps, renderStages, renderVenueTimes } from './latency-table.ts'
import { runProgram } from './program-runner.ts'

export const latency: Command = {
  name: 'latency',
  summary: 'show where the time of orders goes: by stage, by venue, of one order, or over the hops of a route',
  usage: '[ORDER | --venue V | --hops FILE | --probe HOST] [--json]',
  options: [
    referenceOption,
    { name: 'venue', value: 'V', help: 'only this venue' },
    { name: 'hops', value: 'FILE', help: 'a recorded traceroute, tracepath or mtr report; needs no router' },
    { name: 'probe', value: 'HOST', help: 'traceroute to this host now, where that is permitted; needs no router' },
  ],
  examples: [
    'latency',
    'latency --venue kraken --json',
    'latency 17',
    'latency --hops route.txt',
    'latency --probe api.kraken.com',
  ],
  run: async (call) => {
    const { options, positionals } = call
    const [venue, file, host] = ['venue', 'hops', 'probe'].map((name) => options.text(name))
    const asked = [venue, file, host, positionals[0]].filter((one) => one !== undefined)
    if (asked.length > 1 || positionals.length > 1) throw usageError('give one of ORDER, --venue, --hops, --probe')
    if (file !== undefined) return showHops(call, readHops(file))
    if (host !== undefined) return showHops(call, await probe(call, host))
    return positionals.length === 1 ? showOrder(call) : showAll(call, venue)
  },
}

async function showAll(call: CommandCall, venue: string | undefined): Promise<ExitCode> {
  const { options, terminal } = call
  return withRouter(call, async ({ client, router }) => {
    const all = await client.latency()
    const report = venue === undefined ? all : ofVenue(all, venue)
    if (options.isSet('json')) {
      terminal.json(report)
      return ExitCode.ok
    }
    const { style } = terminal
    terminal.line(`latency of orders since the router's start (market ${router.market})`)
    if (venue === undefined) for (const line of renderStages(report, terminal.columns, style)) terminal.line(line)
    terminal.line()
    for (const line of renderVenueTimes(report.venues, style)) terminal.line(line)
    return ExitCode.ok
  })
}

function ofVenue(report: LatencyReport, venue: string): LatencyReport {
  const venues = report.venues.filter((one) => one.venue === venue)
  if (venues.length > 0) return { ...report, venues }
  const ids = report.venues.map((one) => one.venue).join(' ')
  throw new CommandFailure(ExitCode.usage, `no such venue: ${venue}. Venues are: ${ids}`)
}

async function showOrder(call: CommandCall): Promise<ExitCode> {
  const reference = readOneReference(call)
  const { options, terminal } = call
  return withRouter(call, async ({ client }) => {
    const steps = await client.orderLatency(reference)
    if (options.isSet('json')) terminal.json(steps)
    else for (const line of renderOrderSteps(steps, terminal.style)) terminal.line(line)
    return ExitCode.ok
  })
}

function readHops(file: string): readonly Hop[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandFailure(ExitCode.failed, `cannot read ${file}: ${(error as Error).message}`)
  }
  const hops = parseTraceroute(text)
  if (hops.length === 0)
    throw new CommandFailure(ExitCode.failed, `${file} shows no hop of traceroute, tracepath or mtr`)
  return hops
}

async function probe({ interruption, terminal }: CommandCall, host: string): Promise<readonly Hop[]> {
  terminal.note(`asking every hop to ${host}; this may take half a minute`)
  const probed = await interruption.orInterrupted(probeHops(host, runProgram))
  if (probed === undefined) throw new CommandFailure(ExitCode.interrupted, 'stopped')
  if (!probed.ok) throw new CommandFailure(ExitCode.failed, probed.reason)
  return probed.hops
}

function showHops({ options, terminal }: CommandCall, hops: readonly Hop[]): ExitCode {
  const analysis = analyseHops(hops.map(({ minRttMs }) => minRttMs))
  if (options.isSet('json')) {
    const { oneWayIncrementsMs, nonMonotone, slowest } = analysis
    const rows = hops.map(({ ttl, hosts, answers, minRttMs }, at) => {
      const isNearer = nonMonotone.includes(at)
      return {
        ttl,
        hosts,
        answers,
        minRttMs,
        oneWayIncrementMs: oneWayIncrementsMs[at],
        isNearer,
        isSlowest: at === slowest,
      }
    })
    terminal.json({ hops: rows })
  } else for (const line of renderHops(hops, analysis, terminal.style)) terminal.line(line)
  return ExitCode.ok
}
