/** What a figure was measured on: without it a benchmark says nothing. */
import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

export interface BenchHeader {
  readonly machine: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly loadAverage: readonly number[]
  readonly node: string
  readonly v8: string
  readonly commit: string
  readonly time: string
  readonly mode: 'full' | 'quick'
}

export function readBenchHeader(mode: BenchHeader['mode']): BenchHeader {
  return {
    machine: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch} ${release()}`,
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
    node: process.version,
    v8: process.versions.v8,
    commit: readCommit(),
    time: new Date().toISOString(),
    mode,
  }
}

/** Short hash, with '+' when the working tree differs; 'unknown' outside a git checkout. */
function readCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}

export function renderBenchHeader(header: BenchHeader): string {
  return [
    `machine  ${header.machine}, ${header.cores} cores, ${header.memoryGiB} GiB, ${header.system}`,
    `node     ${header.node} (V8 ${header.v8}), commit ${header.commit}, ${header.time}`,
    `load     ${header.loadAverage.join(' ')} (1, 5, 15 min) before the first bench; ${header.mode} run`,
  ].join('\n')
}
