/** The latency study as text: every file, kind and quantile, and in plain words where the learned model does not win. */
import { forecasters, type LatencyRow, type LatencyStudy, type LatencySummary } from './latency-study-run.ts'

/** Columns of a row; the summary has all. */
const SHOWN = forecasters.slice(1, 6)

const ratio = (value: number): string => value.toFixed(3).padStart(9)

const nameOf = (row: LatencyRow): string => `${row.file.replace(/\.csv(\.gz)?$/, '')} ${row.kind} ${row.quantile}`

function headText(width: number): string {
  const columns = SHOWN.map((name) => name.padStart(9)).join('')
  const plain = `${'trips'.padStart(6)}${'rolling'.padStart(10)}`
  return `${'file, kind, quantile'.padEnd(width)}${plain}${columns}  ${'learned [95 %]'.padEnd(16)}${'covered'.padEnd(14)}learned is`
}

function rowText(row: LatencyRow, width: number): string {
  const name = nameOf(row).padEnd(width)
  const rolling = row.scores[0]
  const learned = row.scores[forecasters.indexOf('learned')]
  const served = row.scores[forecasters.indexOf('served')]
  const { low, high } = learned.interval95
  const ratios = row.scores.slice(1, 1 + SHOWN.length).map((score) => ratio(score.ratio))
  const range = `[${low.toFixed(3)}, ${high.toFixed(3)}]`
  const covered = `${rolling.coverage.toFixed(3)} ${served.coverage.toFixed(3)}`
  const loss = `${rolling.lossMs.toFixed(2)} ms`.padStart(10)
  return `${name}${String(row.trips).padStart(6)}${loss}${ratios.join('')}  ${range.padEnd(16)}${covered.padEnd(14)}${row.verdict}`
}

function summaryText({ quantile, by, rows, ...of }: LatencySummary): string {
  const { low, high } = of.interval95
  const mean = `${of.ratio.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`
  const spread = `best ${of.best.toFixed(3)}, worst ${of.worst.toFixed(3)}`
  return `${quantile} ${by.padEnd(9)}${mean}  ${spread}; below 1 in ${of.below}, above in ${of.above} of ${rows}`
}

function verdictText({ rows }: LatencyStudy): string[] {
  const named = (verdict: LatencyRow['verdict']): LatencyRow[] => rows.filter((row) => row.verdict === verdict)
  const list = (found: readonly LatencyRow[]): string =>
    found.length === 0 ? ' none' : found.map((row) => `\n  ${nameOf(row)}`).join('')
  const open = named('not told apart').length
  const notBetter = rows.length - named('better').length
  return [
    `The learned quantile does NOT beat the rolling one, told apart at 95 %, in ${notBetter} of ${rows.length} series: in ${open} the two cannot be told apart, in ${named('worse').length} it is worse.`,
    'By luck alone one in 40 series looks better and one in 40 worse.',
    `worse:${list(named('worse'))}`,
    `better:${list(named('better'))}`,
  ]
}

/** Ratios are to the rolling quantile's pinball loss (below 1 is better); intervals 95 %, block bootstrap. */
export function latencyStudyText(study: LatencyStudy): string {
  const width = Math.max(20, ...study.rows.map((row) => nameOf(row).length))
  return [
    `seed ${study.seed}; walk-forward; columns after "rolling": pinball loss over the rolling quantile's, below 1 is better`,
    'covered: share of round trips at most the forecast, rolling and served',
    headText(width),
    ...study.rows.map((row) => rowText(row, width)),
    '',
    'mean ratio over files and kinds [95 %, resampled by file and kind]',
    ...study.summary.map(summaryText),
    '',
    ...verdictText(study),
    ...study.notes.map((note) => `note: ${note}`),
  ].join('\n')
}
