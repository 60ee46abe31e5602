import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { LatencyKind } from '../../../../hotpath/latency/learned-latency.ts'
import { type LatencyFile, type RoundTrip, readLatencyData } from '../../../../models/evaluation/latency-study-data.ts'
import { forecasters, type LatencyRow, runLatencyStudy } from '../../../../models/evaluation/latency-study-run.ts'
import { latencyStudyText } from '../../../../models/evaluation/latency-study-text.ts'
import { Prng } from '../../../../shared/prng.ts'

function recorded(name: string, trips: number, latencyMs: (prng: Prng, i: number) => number): LatencyFile {
  const prng = new Prng(8)
  const found: RoundTrip[] = []
  for (let i = 0; i < trips; i++) {
    const sentMs = 1_700_000_000_000 + i * 30_000
    found.push({ kind: LatencyKind.place, sentMs, answeredMs: sentMs + Math.ceil(latencyMs(prng, i)) })
  }
  return { name, trips: found }
}

let level = 0
const bursts = recorded('bursts', 2_000, (prng) => {
  level = 0.95 * level + 0.1 * prng.nextNormal()
  return 100 * Math.exp(level + 0.05 * prng.nextNormal())
})
const independent = recorded('independent', 2_000, (prng) => 100 * Math.exp(0.3 * prng.nextNormal()))

const scoreOf = (row: LatencyRow, by: (typeof forecasters)[number]) => row.scores[forecasters.indexOf(by)]

describe('runLatencyStudy', () => {
  const study = runLatencyStudy([bursts, independent], 1, () => undefined)
  const median = (file: string): LatencyRow =>
    study.rows.find((row) => row.file === file && row.quantile === 'p50') as LatencyRow

  test('where round trips hang together the learned quantile wins, and is what is served', () => {
    expect(median('bursts').verdict).toBe('better')
    expect(scoreOf(median('bursts'), 'served').ratio).toBeLessThan(0.8)
  })

  test('where they do not there is next to nothing to win, and the text says so', () => {
    // What is left is the noise of a median of 64, which longer windows take out.
    expect(scoreOf(median('independent'), 'learned').ratio).toBeGreaterThan(0.98)
    expect(scoreOf(median('independent'), 'served').ratio).toBeLessThan(1.01)
    expect(scoreOf(median('independent'), 'last').ratio).toBeGreaterThan(1.3)
    expect(latencyStudyText(study)).toMatch(/does NOT beat the rolling one.* in \d of 6 series/)
  })

  test('a quantile covers its share', () => {
    for (const row of study.rows.filter(({ file }) => file === 'independent')) {
      const share = { p50: 0.5, p90: 0.9, p99: 0.99 }[row.quantile]
      expect(Math.abs(scoreOf(row, 'rolling').coverage - share)).toBeLessThan(0.03)
    }
  })

  test('the same seed gives the same study', () => {
    expect(runLatencyStudy([bursts, independent], 1, () => undefined)).toEqual(study)
  })

  test('a future that changes leaves every forecast before it as it was', () => {
    const changed = {
      ...independent,
      trips: independent.trips.map((trip, at) =>
        at < 1_999 ? trip : { ...trip, answeredMs: trip.answeredMs + 5_000 },
      ),
    }
    const one = runLatencyStudy([independent], 1, () => undefined).rows[0]
    const other = runLatencyStudy([changed], 1, () => undefined).rows[0]
    const learnedMs = (row: LatencyRow): number => scoreOf(row, 'learned').lossMs * row.trips
    // Half of the last round trip's 5 s and no more: p50.
    expect(learnedMs(other) - learnedMs(one)).toBeGreaterThan(2_400)
    expect(learnedMs(other) - learnedMs(one)).toBeLessThanOrEqual(2_500 + 1e-6)
  })

  test('too few round trips are left out with a note', () => {
    const short = runLatencyStudy([{ ...bursts, trips: bursts.trips.slice(0, 40) }], 1, () => undefined)
    expect(short.rows).toEqual([])
    expect(short.notes).toEqual(['bursts: place left out, 10 scored round trips'])
    expect(latencyStudyText(short)).toContain('in 0 of 0 series')
  })
})

const real = path.join(process.env['SOR_DATA'] ?? '../shared/data', 'exchange-order-latency')

test.skipIf(!existsSync(real))(
  'on measured round trips what is served is never worse than rolling by 2 % (needs SOR_DATA)',
  { timeout: 60_000 },
  () => {
    const { rows, summary } = runLatencyStudy(readLatencyData(real).files, 1, () => undefined)
    for (const row of rows) expect(scoreOf(row, 'served').ratio).toBeLessThan(1.02)
    for (const { by, ratio } of summary) if (by === 'served') expect(ratio).toBeLessThan(1.001)
  },
)
