/**
 * The router's incarnations at real venues. Child ids begin with the epoch, and a venue remembers ids longer than we keep
 * journals: another market, another journal or a lost state directory must never begin at an epoch that was used before.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import { EPOCH_MAX } from '../../shared/units/ids.ts'
import type { EpochUs } from '../../shared/units/time.ts'

/** Hours count from here: a fresh state directory begins above whatever was started in an earlier hour. Lasts to 2217. */
const ORIGIN_MS = Date.UTC(2026, 0, 1)
const US_PER_HOUR = 3_600_000_000

/** The epoch to begin, above the journal's last and every earlier one; on disk before it is used. Throws past EPOCH_MAX. */
export function takeEpoch(stateDirectory: string, journalEpoch: number, nowUs: EpochUs): number {
  const file = path.join(stateDirectory, 'epoch')
  const hours = Math.max(0, Math.floor((nowUs - ORIGIN_MS * 1_000) / US_PER_HOUR))
  const epoch = Math.max(journalEpoch, readEpoch(file), hours) + 1
  if (epoch > EPOCH_MAX) throw new Error(`the clock says a time no epoch is left for; check the machine's clock`)
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const draft = `${file}.new`
  const open = openSync(draft, 'w', 0o600)
  writeSync(open, `${epoch}\n`)
  fsyncSync(open)
  closeSync(open)
  renameSync(draft, file)
  syncName(stateDirectory)
  return epoch
}

/** A new name is on disk when its directory is. Windows opens no directories, and does it by itself. */
function syncName(directory: string): void {
  if (process.platform === 'win32') return
  const open = openSync(directory, 'r')
  fsyncSync(open)
  closeSync(open)
}

function readEpoch(file: string): number {
  try {
    const epoch = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(epoch) && epoch > 0 && epoch <= EPOCH_MAX ? epoch : 0
  } catch {
    return 0
  }
}
