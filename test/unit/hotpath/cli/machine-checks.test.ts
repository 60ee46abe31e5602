import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkCores, checkMachine, checkMemory, checkNode } from '../../../../hotpath/cli/machine-checks.ts'

test('an old Node is missing, with advice', () => {
  expect(checkNode('24.1.0', '/usr/bin/node').verdict).toBe('ok')
  expect(checkNode('20.20.2', '/usr/bin/node')).toMatchObject({ verdict: 'missing' })
  expect(checkNode('20.20.2', '/usr/bin/node').advice).toContain('npm ci')
})

test('one core and little memory work, slower', () => {
  expect(checkCores(1).verdict).toBe('slower')
  expect(checkMemory(2 ** 28, 2 ** 32).verdict).toBe('slower')
  expect(checkMemory(2 ** 31, 2 ** 32).verdict).toBe('ok')
})

test('every check of this machine says something and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sor-doctor-'))
  try {
    const checks = await checkMachine(folder)
    expect(checks.map((check) => check.name)).toEqual([
      'node',
      'system',
      'gateway socket',
      'shared memory',
      'cores',
      'memory',
      'clock',
      'state folder',
      'disk',
      'port',
      'packages',
    ])
    for (const check of checks) {
      expect(check.finding).not.toBe('')
      expect(check.verdict === 'ok', `advice exactly when it is not ok: ${check.name}`).toBe(check.advice === undefined)
    }
    expect(readdirSync(folder)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a folder that cannot be made is missing', async () => {
  const checks = await checkMachine('/proc/no-such-folder')
  expect(checks.find((check) => check.name === 'disk')?.verdict).toBe('missing')
})
