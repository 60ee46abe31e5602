/** One owner at a time, and none that is dead: with real processes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalLocked, lockJournal } from '../../../../hotpath/journal/journal-lock.ts'

let directory: string

beforeEach(() => {
  directory = fs.mkdtempSync(join(os.tmpdir(), 'sor-lock-'))
})

afterEach(() => {
  fs.rmSync(directory, { recursive: true })
})

test('a second owner is refused, naming the first, until the first lets go', () => {
  const lock = lockJournal(directory)
  expect(() => lockJournal(directory)).toThrow(JournalLocked)
  expect(() => lockJournal(directory)).toThrow(`in use by process ${process.pid}`)
  lock.release()
  lockJournal(directory).release()
  expect(fs.readdirSync(directory)).toEqual(['journal-000002.lock'])
})

test.runIf(process.platform === 'linux')(
  'the lock of a dead process is taken over (needs /proc of Linux)',
  async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const startedAt = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')[19]
    fs.writeFileSync(join(directory, 'journal-000041.lock'), `${child.pid} ${startedAt}`)
    expect(() => lockJournal(directory)).toThrow(`in use by process ${child.pid}`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockJournal(directory)
    expect(fs.readdirSync(directory)).toEqual(['journal-000042.lock'])
  },
)

test('a pid that is used again by another process is not the owner', () => {
  fs.writeFileSync(join(directory, 'journal-000007.lock'), `${process.pid} 1`)
  lockJournal(directory).release()
})

test('a lock file without an owner (the machine stopped while it was written) holds nothing', () => {
  fs.writeFileSync(join(directory, 'journal-000001.lock'), '')
  lockJournal(directory).release()
})

test('of several that start at once exactly one gets it', async () => {
  const script = `
    const { lockJournal } = await import(${JSON.stringify(new URL('../../../../hotpath/journal/journal-lock.ts', import.meta.url).href)})
    process.stdout.write('ready')
    await new Promise((go) => process.stdin.once('data', go))
    try { lockJournal(${JSON.stringify(directory)}); process.stdout.write('mine') } catch { process.stdout.write('theirs') }
    await new Promise((go) => process.stdin.once('data', go))
    process.exit()`
  const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', script]))
  await Promise.all(children.map((child) => once(child.stdout, 'data')))
  for (const child of children) child.stdin.write('go')
  const answers = await Promise.all(children.map(async (child) => String((await once(child.stdout, 'data'))[0])))
  for (const child of children) child.stdin.write('end')
  await Promise.all(children.map((child) => once(child, 'exit')))
  expect(answers.filter((answer) => answer === 'mine').length).toBe(1)
})
