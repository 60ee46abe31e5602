/** The README names everything a user can run or be refused for. */
import { expect, test } from 'vitest'
import { commands } from '../../hotpath/cli/commands.ts'
import { exitCodeMeanings } from '../../hotpath/cli/exit-code.ts'
import { clientIdVenues } from '../../hotpath/venues/ccxt/client-order-id.ts'
import { emulators } from '../../hotpath/venues/emulator/emulators.ts'
import { feedVenues } from '../../hotpath/venues/feed-registry.ts'
import { orderDoors } from '../../hotpath/venues/order-registry.ts'
import { denyReasonMeanings } from '../../shared/domain/deny-reason.ts'
import { readText, topLevel } from './source-tree.ts'

const readme = topLevel().includes('README.md') ? readText('README.md') : ''
const manifest = JSON.parse(readText('package.json')) as {
  scripts: Record<string, string>
  bin: Record<string, string>
}

test('the README is there', () => {
  expect(readme.length).toBeGreaterThan(1_000)
})

test('it names every sor command', () => {
  expect(commands.map((command) => command.name).filter((name) => !readme.includes(`sor ${name}`))).toEqual([])
})

test('it names every reason for a refusal', () => {
  const reasons = Object.keys(denyReasonMeanings).filter((reason) => reason !== 'none')
  expect(reasons.filter((reason) => !readme.includes(`\`${reason}\``))).toEqual([])
})

test('it names every npm script that is for people', () => {
  const isNamed = (script: string): boolean => readme.includes(`npm run ${script}`) || readme.includes(`npm ${script}`)
  const scripts = Object.keys(manifest.scripts).filter((script) => script !== 'prepare')
  expect(scripts.filter((script) => !isNamed(script))).toEqual([])
})

test('it has the exit codes', () => {
  expect(Object.keys(exitCodeMeanings).length).toBe(7)
  expect(readme).toMatch(/exit code/i)
})

test('the command line is what npm links as sor', () => {
  expect(manifest.bin).toEqual({ sor: './hotpath/cli/sor.js' })
})

test('its table of venues is the registries', () => {
  const row = (id: string): string => readme.split('\n').find((line) => line.startsWith(`| \`${id}\` |`)) ?? ''
  const faults = feedVenues.flatMap(({ id, name, retired }) => {
    const cells = row(id)
      .split('|')
      .map((cell) => cell.trim())
    const feed = retired === undefined ? 'native' : 'native, replay only'
    const isTold = cells[2] === name && cells[3] === feed
    const isNative = orderDoors.has(id) === (cells[5] ?? '').startsWith('native')
    const isEmulated = emulators.has(id) === (cells[5] ?? '').includes('emulated')
    return isTold && isNative && isEmulated ? [] : [id]
  })
  expect(faults).toEqual([])
  expect(clientIdVenues.filter((id) => !readme.includes(`\`${id}\``))).toEqual([])
})
