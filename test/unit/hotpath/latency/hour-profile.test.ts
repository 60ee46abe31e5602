import { describe, expect, test } from 'vitest'
import { HOURS_OF_WEEK, HourProfile, hourOfWeek } from '../../../../hotpath/latency/hour-profile.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'

const at = (iso: string): EpochUs => (Date.parse(iso) * 1_000) as EpochUs

describe('hourOfWeek', () => {
  test('the week starts on Monday 00:00 UTC', () => {
    expect(hourOfWeek(at('2026-11-23T00:00:00Z'))).toBe(0)
    expect(hourOfWeek(at('2026-11-23T00:59:59Z'))).toBe(0)
    expect(hourOfWeek(at('2026-11-24T13:30:00Z'))).toBe(37)
    expect(hourOfWeek(at('2026-11-29T23:00:00Z'))).toBe(HOURS_OF_WEEK - 1)
    expect(hourOfWeek(0 as EpochUs)).toBe(72)
  })
})

describe('HourProfile', () => {
  test('an hour never seen changes nothing', () => {
    const profile = new HourProfile(1)
    profile.note(0, 5, 2)
    expect(profile.logFactor(0, 6, 0.3)).toBeCloseTo(0, 12)
  })

  test('a few round trips move a factor little, many move it nearly all the way', () => {
    const profile = new HourProfile(1)
    // Two hours half a log apart, so that each is a quarter from the level between them.
    const see = (times: number): void => {
      for (let i = 0; i < times; i++) {
        profile.note(0, 0, 10)
        profile.note(0, 1, 10.5)
      }
    }
    see(5)
    expect(profile.logFactor(0, 1, 0)).toBeLessThan(0.01)
    see(20_000)
    expect(profile.logFactor(0, 1, 0)).toBeGreaterThan(0.22)
    expect(profile.logFactor(0, 0, 0)).toBeLessThan(-0.22)
    // Over round trips of that same hour there is nothing to add.
    expect(profile.logFactor(0, 1, profile.meanLog(0, 1))).toBe(0)
  })

  test('one lost packet moves an hour by no more than a log', () => {
    const profile = new HourProfile(1)
    profile.note(0, 3, 10)
    profile.note(0, 3, 30)
    expect(profile.meanLog(0, 3)).toBeLessThanOrEqual(0.5)
  })
})
