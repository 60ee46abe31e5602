import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { endStarted, isAlive, isHostProcess, startHost, until } from '../../../../hotpath/threads/host-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'host-process-'))
afterAll(() => {
  endStarted()
  rmSync(folder, { recursive: true })
})
const ready = path.join(folder, 'ready')
let serial = 0

function host(script: string, isReady: () => boolean, more: { msMax?: number; say?: (line: string) => void } = {}) {
  const file = path.join(folder, `host-${++serial}.mjs`)
  writeFileSync(file, script)
  const logFile = path.join(folder, `host-${serial}.log`)
  return {
    logFile,
    started: startHost({ what: 'toys', script: pathToFileURL(file), args: [ready], logFile, isReady, ...more }),
  }
}

function pidOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

const stays = `import { writeFileSync } from 'node:fs'
console.error('looking'); console.error('found')
writeFileSync(process.argv[2], String(process.pid)); setInterval(() => {}, 1000)`

test('it is waited for until it says that it is there; what it says meanwhile is told; it ends with those that started it', async () => {
  const said: string[] = []
  const { logFile, started } = host(stays, () => pidOf(ready) > 0, { say: (line) => said.push(line) })
  await started
  const pid = pidOf(ready)
  expect(said).toEqual(['looking', 'found'])
  expect(statSync(logFile).mode & 0o777).toBe(0o600)
  expect(isHostProcess(pid, 'host-1')).toBe(true)
  expect(isHostProcess(pid, 'paper-host')).toBe(false)
  endStarted()
  await until(
    () => !isAlive(pid),
    () => 'it does not end',
  )
})

test('what it said last is why it did not come up', async () => {
  const { started } = host(`console.error('no such market'); process.exit(1)`, () => false)
  await expect(started).rejects.toThrow('no such market')
})

test('a process that ends without a word, or never says that it is there, is told with its log', async () => {
  const silent = host('process.exit(0)', () => false)
  await expect(silent.started).rejects.toThrow(`toys ended; see ${silent.logFile}`)
  const late = host('setTimeout(() => {}, 700)', () => false, { msMax: 100 })
  await expect(late.started).rejects.toThrow('toys did not start within 0.1 s')
})
