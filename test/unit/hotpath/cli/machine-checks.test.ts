import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  checkCores,
  checkKernels,
  checkLayout,
  checkMachine,
  checkMemory,
  checkNode,
} from '../../../../hotpath/cli/machine-checks.ts'
import type { KernelChoice } from '../../../../hotpath/memory/simd-kernels.ts'
import { readMachineLayout } from '../../../../hotpath/threads/machine-layout.ts'
import { type MachineTable, machines, sysTree, withTree } from '../../../fixtures/sys-trees.ts'

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

test('the threads that would be chosen are named with what there is', () => {
  const check = (table: MachineTable) => checkLayout(withTree(sysTree(table), readMachineLayout))
  expect(check(machines.two)).toMatchObject({
    verdict: 'slower',
    finding: 'one thread: 2 of 2 cpus usable, 1 NUMA node',
  })
  expect(check(machines.twoNodes)).toMatchObject({
    verdict: 'ok',
    finding: 'split: 32 of 32 cpus usable, 2 NUMA nodes',
  })
})

test('a machine without SIMD, or with other bits, is slower', () => {
  const fine = { name: 'x', kind: 'wasm simd', typescriptNs: 9, wasmNs: 3, ratio: 3, isEqual: true } as const
  const check = (bad: Partial<KernelChoice>) => checkKernels({ mlpHead: fine, venueCost: { ...fine, ...bad } })
  expect(check({}).verdict).toBe('ok')
  expect(check({ kind: 'typescript', ratio: 0.5 }).verdict).toBe('ok')
  expect(check({ kind: 'typescript', ratio: 0 })).toMatchObject({ verdict: 'slower' })
  expect(check({ kind: 'typescript', isEqual: false }).finding).toContain('other bits')
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
      'threads',
      'pinning',
      'kernels',
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
