import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { takeEpoch } from '../../../../hotpath/threads/epoch-file.ts'
import { EPOCH_MAX, formatChildId } from '../../../../shared/units/ids.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'

const START_US = (Date.UTC(2026, 10, 22, 12) * 1_000) as EpochUs

function inFolder(check: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'epoch-'))
  try {
    check(path.join(folder, 'state'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('every start has another epoch, whatever its journal says', () => {
  inFolder((folder) => {
    const first = takeEpoch(folder, 0, START_US)
    const second = takeEpoch(folder, 0, START_US)
    const third = takeEpoch(folder, second + 5, START_US)
    expect(second).toBe(first + 1)
    expect(third).toBe(second + 6)
    expect(takeEpoch(folder, 0, START_US)).toBe(third + 1)
    expect(new Set([first, second, third].map((epoch) => formatChildId(epoch, 1, 1))).size).toBe(3)
  })
})

test('a lost state directory begins above what was started in earlier hours', () => {
  inFolder((folder) => {
    const before = takeEpoch(folder, 0, START_US)
    rmSync(folder, { recursive: true })
    expect(takeEpoch(folder, 0, (START_US + 3_600_000_000) as EpochUs)).toBeGreaterThan(before)
  })
})

test('a clock that goes back does not bring an epoch back', () => {
  inFolder((folder) => {
    const before = takeEpoch(folder, 0, START_US)
    expect(takeEpoch(folder, 0, (START_US - 86_400_000_000) as EpochUs)).toBe(before + 1)
    expect(takeEpoch(folder, 0, 0 as EpochUs)).toBe(before + 2)
  })
})

test('what is no number in the file is not believed; past the last epoch there is a line for people', () => {
  inFolder((folder) => {
    const first = takeEpoch(folder, 0, START_US)
    for (const text of ['', 'x', '-4', '1e99', '3.5']) {
      writeFileSync(path.join(folder, 'epoch'), text)
      expect(takeEpoch(folder, 0, START_US)).toBe(first)
    }
    expect(readFileSync(path.join(folder, 'epoch'), 'utf8')).toBe(`${first}\n`)
    expect(() => takeEpoch(folder, EPOCH_MAX, START_US)).toThrow('clock')
  })
})
