import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMachineLayout } from '../../../../hotpath/threads/machine-layout.ts'
import { chooseTopology, type Topology, type TopologyWish } from '../../../../hotpath/threads/topology.ts'
import { type MachineTable, machines, sysTree, withTree } from '../../../fixtures/sys-trees.ts'

const best: TopologyWish = { threads: 'auto', spin: true, pin: true }

function choose(machine: MachineTable, wish: Partial<TopologyWish> = {}): Topology {
  return chooseTopology({ ...best, ...wish }, withTree(sysTree(machine), readMachineLayout))
}

test('two cpus: one thread that sleeps when idle, nothing pinned, and it says what it left out', () => {
  const topology = choose(machines.two)
  expect(topology).toMatchObject({ layout: 'one thread', cores: 2, spins: false, node: -1 })
  expect(Object.values(topology.cpus)).toEqual([-1, -1, -1, -1, -1])
  expect(topology.lines.join('\n')).toContain('asked to spin: 2 cpus are too few')
  expect(topology.lines.some((line) => line.startsWith('gateway, core'))).toBe(true)
})

test('two cpus, split asked for: done, and called the worse layout', () => {
  const topology = choose(machines.two, { threads: 'split' })
  expect(topology).toMatchObject({ layout: 'split', spins: false, node: 0 })
  expect(topology.cpus).toMatchObject({ core: 1, gateway: 0, journal: 0 })
  expect(topology.lines.join('\n')).toContain('because split was asked for: 2 cpus are too few')
})

test('one cpu: nobody is pinned even when split is asked for', () => {
  const topology = choose({ nodes: ['0'], cpus: 1 }, { threads: 'split' })
  expect(Object.values(topology.cpus)).toEqual([-1, -1, -1, -1, -1])
  expect(topology.lines.join('\n')).toContain('nothing pinned: there is one cpu')
})

test('two threads of one physical core are no room for two busy ones', () => {
  const machine = { nodes: ['0-3'], cpus: 4, siblings: () => '0-3' }
  expect(choose(machine)).toMatchObject({ layout: 'one thread', spins: false })
  expect(choose(machine).lines.join('\n')).toContain('one physical core is too few')
  expect(choose(machine, { threads: 'split' }).cpus).toMatchObject({ core: 0, gateway: 1 })
})

test('it spins only when asked and where there is room', () => {
  expect(choose(machines.three).spins).toBe(true)
  expect(choose(machines.three, { spin: false }).spins).toBe(false)
  expect(choose(machines.three, { threads: 'one' })).toMatchObject({ layout: 'one thread', spins: true })
  expect(choose({ ...machines.eight, allowed: '0-1' }).spins).toBe(false)
})

test('a cgroup quota counts as cores', () => {
  const quota = (text: string): Topology => choose({ ...machines.eight, more: { 'sys/fs/cgroup/cpu.max': text } })
  expect(quota('250000 100000')).toMatchObject({ cores: 2, layout: 'one thread' })
  expect(quota('300000 100000')).toMatchObject({ cores: 3, layout: 'split' })
  expect(quota('5000 100000').cores).toBe(1)
})

test('three cpus: the core on the last, the journal on the first, where interrupts gather', () => {
  expect(choose(machines.three).cpus).toEqual({ core: 2, gateway: 1, journal: 0, feeds: -1, inference: -1 })
})

test('eight cpus of four cores: a physical core each, never the sibling of the core', () => {
  const { cpus } = choose(machines.eight, { duties: ['gateway', 'core', 'feeds', 'inference', 'journal'] })
  expect(cpus).toEqual({ core: 3, gateway: 2, feeds: 1, journal: 0, inference: 4 })
})

test('two nodes: all hot duties on one', () => {
  const topology = choose(machines.twoNodes)
  expect(topology).toMatchObject({ node: 0, cpus: { core: 7, gateway: 6, journal: 0 } })
  expect(choose({ ...machines.twoNodes, allowed: '0-3,8-15' }).node).toBe(1)
  expect(choose(machines.twoNodes, { nicNode: 1 })).toMatchObject({ node: 1, cpus: { core: 15, gateway: 14 } })
})

test("a network card's node without room is not chosen", () => {
  expect(choose({ ...machines.twoNodes, allowed: '0-7,8,24' }, { nicNode: 1 }).node).toBe(0)
})

test('four nodes: what does not fit goes to the nearest', () => {
  const topology = choose({ ...machines.fourNodes, allowed: '0-1,16-17,32-33,48-49' }, { nicNode: 3 })
  expect(topology).toMatchObject({ node: 3, cpus: { core: 49, gateway: 48, journal: 32 } })
})

test('the core goes to an isolated cpu, who sleeps does not', () => {
  const machine = { ...machines.eight, isolated: '2,6', allowed: '0-1,3-5,7' }
  const topology = choose(machine)
  expect(topology.cpus).toMatchObject({ core: 2, gateway: 3, journal: 0 })
  expect(topology.lines.find((line) => line.startsWith('core'))).toContain('cpu 2 of node 0 (isolated)')
  const far = choose({ ...machines.twoNodes, isolated: '12,28', allowed: '0-11,13-27,29-31' })
  expect(far).toMatchObject({ node: 1, cpus: { core: 12 } })
})

test('not pinned: the same layout without cpus', () => {
  const topology = choose(machines.eight, { pin: false })
  expect(topology).toMatchObject({ layout: 'split', spins: true, node: -1 })
  expect(topology.lines.join('\n')).not.toContain('cpu 3')
})

test('a duty that does not run has no line', () => {
  const names = (topology: Topology): string[] => topology.lines.map((line) => line.split('  ')[0])
  expect(names(choose(machines.eight))).toEqual(['split', 'gateway', 'core', 'journal', 'forecasts', 'venue hosts'])
  const duties = ['gateway', 'core', 'feeds', 'journal'] as const
  expect(names(choose(machines.eight, { duties }))).toContain('feeds')
  expect(names(choose(machines.two, { duties, spin: false, pin: false }))).toEqual([
    'one thread',
    'gateway, core',
    'feeds',
    'journal',
    'forecasts',
    'venue hosts',
  ])
})

test('whoever is pinned is pinned to a usable cpu, and nobody beside the core where there is room', () => {
  const layouts = Object.values(machines).map((table) => withTree(sysTree(table), readMachineLayout))
  const picks = fc.uniqueArray(fc.nat(127), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.constantFrom(...layouts), picks, fc.constantFrom(undefined, 0, 1, 3), (whole, chosen, nicNode) => {
      const allowed = new Set(chosen.map((pick) => pick % whole.cpus.length))
      const machine = { ...whole, cpus: whole.cpus.map((cpu) => ({ ...cpu, isUsable: allowed.has(cpu.cpu) })) }
      const duties = ['gateway', 'core', 'feeds', 'inference', 'journal'] as const
      const wish = { ...best, threads: 'split', duties, ...(nicNode !== undefined && { nicNode }) } as const
      const { cpus, spins } = chooseTopology(wish, machine)
      const coreOf = (cpu: number): number => machine.cpus.find((entry) => entry.cpu === cpu)?.core ?? -1
      const physical = new Set([...allowed].map(coreOf)).size
      for (const duty of duties) {
        expect(allowed.size > 1 ? allowed.has(cpus[duty]) : cpus[duty] === -1).toBe(true)
        if (duty !== 'core' && physical > 1) expect(coreOf(cpus[duty])).not.toBe(coreOf(cpus.core))
      }
      expect(spins).toBe(allowed.size > 2 && physical > 1)
    }),
  )
})
