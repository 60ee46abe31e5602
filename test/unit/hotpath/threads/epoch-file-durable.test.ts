/** An epoch is used only once a power cut cannot take it back: the file is on disk, and so is its name. */
import * as fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { takeEpoch } from '../../../../hotpath/threads/epoch-file.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'

vi.mock('node:fs', { spy: true })

test.skipIf(process.platform === 'win32')('the directory is synced after the rename (skipped when on Windows)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'epoch-'))
  takeEpoch(folder, 0, 1 as EpochUs)
  const opened = vi.mocked(fs.openSync).mock
  const at = opened.calls.findIndex(([name]) => name === folder)
  expect(at).toBeGreaterThan(0)
  const renamed = vi.mocked(fs.renameSync).mock.invocationCallOrder[0]
  expect(opened.invocationCallOrder[at]).toBeGreaterThan(renamed)
  expect(vi.mocked(fs.fsyncSync).mock.calls.at(-1)).toEqual([opened.results[at].value])
  rmSync(folder, { recursive: true })
})
