/**
 * One router per journal. The lock is a file with the owner's pid; its number only grows, and the newest one counts:
 *
 *   journal-000007.lock   "4711 8812345"    pid, start time of that process (a pid is used again, the pair is not)
 *
 * A process that died keeps no lock, because its pid no longer lives. To take over, one links the next number: link()
 * is atomic and the newest file is never removed, so of several that try at once exactly one wins. Works among the
 * processes of one machine (one pid namespace).
 */
import fs from 'node:fs'
import { join } from 'node:path'

export class JournalLocked extends Error {
  override readonly name = 'JournalLocked'
}

export interface JournalLock {
  release(): void
}

const RELEASED = 'released'

/** Throws JournalLocked, naming the owner, when a living process has the directory's journal. */
export function lockJournal(directory: string): JournalLock {
  const newest = newestLock(directory)
  const owner = newest === 0 ? '' : readOwner(directory, newest)
  if (isAlive(owner)) throw locked(directory, owner)
  const mine = newest + 1
  const draft = join(directory, `journal-lock-draft-${process.pid}`)
  fs.writeFileSync(draft, ownerText(process.pid), { mode: 0o600 })
  try {
    fs.linkSync(draft, join(directory, lockName(mine)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw locked(directory, readOwner(directory, mine))
    throw error
  } finally {
    fs.unlinkSync(draft)
  }
  const after = newestLock(directory)
  if (after > mine) {
    fs.unlinkSync(join(directory, lockName(mine)))
    throw locked(directory, readOwner(directory, after))
  }
  for (const number of lockNumbers(directory)) if (number < mine) fs.rmSync(join(directory, lockName(number)))
  return { release: () => fs.writeFileSync(join(directory, lockName(mine)), RELEASED) }
}

function locked(directory: string, owner: string): JournalLocked {
  return new JournalLocked(`the journal in ${directory} is in use by process ${owner.split(' ')[0]}`)
}

function lockName(number: number): string {
  return `journal-${String(number).padStart(6, '0')}.lock`
}

function lockNumbers(directory: string): number[] {
  const numbers: number[] = []
  for (const name of fs.readdirSync(directory)) {
    const match = /^journal-(\d{6,})\.lock$/.exec(name)
    if (match !== null) numbers.push(Number(match[1]))
  }
  return numbers
}

function newestLock(directory: string): number {
  return Math.max(0, ...lockNumbers(directory))
}

/** Blank when a newer owner removed it meanwhile: then linking, or the look afterwards, tells. */
function readOwner(directory: string, number: number): string {
  try {
    return fs.readFileSync(join(directory, lockName(number)), 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function isAlive(owner: string): boolean {
  const pid = Number.parseInt(owner, 10)
  if (Number.isNaN(pid)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return owner === ownerText(pid)
}

/**
 * "PID START": of /proc/PID/stat, behind the name in brackets, the first field is the state and the twentieth the start
 * time. A zombie is dead: it holds nothing any more. Without /proc the pid alone.
 */
function ownerText(pid: number): string {
  let stat: string
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return `${pid}`
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? `${pid} dead` : `${pid} ${fields[19]}`
}
