import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCpuList, readMachineLayout } from '../../../../hotpath/threads/machine-layout.ts'
import { type MachineTable, machines, type SysTree, sysTree, withTree } from '../../../fixtures/sys-trees.ts'

function read(machine: MachineTable) {
  return withTree(sysTree(machine), readMachineLayout)
}

function readTree(tree: SysTree) {
  return withTree(tree, readMachineLayout)
}

test.each([
  ['', []],
  ['0\n', [0]],
  ['0-3,8,10-11\n', [0, 1, 2, 3, 8, 10, 11]],
  ['3,1-2,2', [1, 2, 3]],
  ['8191', [8191]],
  ['8192', undefined],
  ['3-1', undefined],
  ['0-99999999999', undefined],
  ['0-31:2/4', undefined],
  ['a', undefined],
  ['0,,1', undefined],
  ['-1', undefined],
])('the list %j is %j', (text, list) => {
  expect(parseCpuList(text)).toEqual(list)
})

test('two cpus on one node', () => {
  const layout = read(machines.two)
  expect(layout.notes).toEqual([])
  expect(layout.cpus).toEqual([
    { cpu: 0, node: 0, core: 0, isIsolated: false, isUsable: true },
    { cpu: 1, node: 0, core: 1, isIsolated: false, isUsable: true },
  ])
  expect(layout.nodes).toEqual([{ node: 0, cpus: [0, 1], distances: [10], memoryBytes: 2 ** 34 }])
  expect(layout.quotaCores).toBe(Number.POSITIVE_INFINITY)
})

test('threads of one physical core share its number', () => {
  expect(read(machines.eight).cpus.map(({ core }) => core)).toEqual([0, 1, 2, 3, 0, 1, 2, 3])
})

test('without sibling lists the package and core numbers say it', () => {
  const numbers = [0, 1, 0, 1].flatMap((core, cpu) => [
    [`sys/devices/system/cpu/cpu${cpu}/topology/core_id`, `${core}\n`],
    [`sys/devices/system/cpu/cpu${cpu}/topology/physical_package_id`, '0\n'],
  ])
  const layout = read({ nodes: ['0-3'], cpus: 4, siblings: () => '', more: Object.fromEntries(numbers) })
  expect(layout.cpus.map(({ core }) => core)).toEqual([0, 1, 0, 1])
})

test('two nodes of sixteen cpus, four of thirty-two with their distances', () => {
  const two = read(machines.twoNodes)
  expect(two.cpus.map(({ node }) => node)).toEqual(Array.from({ length: 32 }, (_, cpu) => (cpu % 16 < 8 ? 0 : 1)))
  expect(two.nodes.map(({ distances }) => distances)).toEqual([
    [10, 21],
    [21, 10],
  ])
  const four = read(machines.fourNodes)
  expect(four.cpus).toHaveLength(128)
  expect(four.nodes[2].distances).toEqual([32, 32, 10, 12])
  expect(four.notes).toEqual([])
})

test('cpus that are off are not there, also not as siblings', () => {
  const layout = read({ ...machines.eight, online: '1-4,6' })
  expect(layout.cpus.map(({ cpu, core }) => [cpu, core])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [6, 2],
  ])
  expect(layout.nodes[0].cpus).toEqual([0, 1, 2, 3, 4, 5, 6, 7].filter((cpu) => [1, 2, 3, 4, 6].includes(cpu)))
})

test('isolated cpus are usable unless somebody narrowed the mask by hand', () => {
  const usable = (machine: MachineTable): number[] =>
    read(machine)
      .cpus.filter(({ isUsable }) => isUsable)
      .map(({ cpu }) => cpu)
  const isolated = { nodes: ['0-7'], cpus: 8, isolated: '6-7' }
  expect(usable({ ...isolated, allowed: '0-5' })).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(usable({ ...isolated, allowed: '0-3' })).toEqual([0, 1, 2, 3])
  expect(usable({ ...isolated, allowed: '7' })).toEqual([7])
  expect(
    read({ ...isolated, allowed: '0-5' })
      .cpus.map(({ isIsolated }) => isIsolated)
      .indexOf(true),
  ).toBe(6)
})

test.each<[string, SysTree, number]>([
  ['none', {}, Number.POSITIVE_INFINITY],
  ['max', { 'sys/fs/cgroup/cpu.max': 'max 100000\n' }, Number.POSITIVE_INFINITY],
  ['two and a half', { 'sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2.5],
  [
    'the least on the way up',
    {
      'proc/self/cgroup': '0::/a/b\n',
      'sys/fs/cgroup/a/cpu.max': '300000 100000\n',
      'sys/fs/cgroup/a/b/cpu.max': '400000 100000\n',
    },
    3,
  ],
  [
    'version 1',
    {
      'proc/self/cgroup': '4:memory:/x\n1:cpu,cpuacct:/x\n',
      'sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us': '150000\n',
      'sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us': '50000\n',
    },
    3,
  ],
  [
    'version 1 without a bound',
    {
      'proc/self/cgroup': '1:cpu:/\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    Number.POSITIVE_INFINITY,
  ],
  [
    'a path out of the container',
    { 'proc/self/cgroup': '0::/../../x\n', 'sys/fs/cgroup/cpu.max': '100000 100000\n' },
    1,
  ],
  ['garbage', { 'sys/fs/cgroup/cpu.max': 'lots of it\n' }, Number.POSITIVE_INFINITY],
])('quota: %s', (_, more, cores) => {
  expect(read({ ...machines.eight, more }).quotaCores).toBe(cores)
})

test('a virtual machine without NUMA is one node', () => {
  const tree = Object.entries(sysTree(machines.eight)).filter(([path]) => !path.includes('/node/'))
  const layout = readTree(Object.fromEntries(tree))
  expect(layout.nodes).toEqual([{ node: 0, cpus: [0, 1, 2, 3, 4, 5, 6, 7], distances: [], memoryBytes: 0 }])
  expect(layout.notes).toEqual(['no NUMA nodes are told: taken for one'])
})

test('an empty tree is this many cpus on one node, with notes', () => {
  const layout = readTree({})
  expect(layout.cpus.length).toBeGreaterThan(0)
  expect(layout.cpus.every(({ cpu, core, isUsable }) => cpu === core && isUsable)).toBe(true)
  expect(layout.notes).toHaveLength(2)
})

test('hostile content falls back with a note', () => {
  const layout = read({
    ...machines.eight,
    isolated: '0-99999999999',
    more: {
      'sys/devices/system/cpu/cpu0/topology/thread_siblings_list': '9-1,,\n',
      'sys/devices/system/cpu/cpu0/topology/core_id': '-1\n',
      'sys/devices/system/node/node0/cpulist': '0-3\n',
      'sys/devices/system/node/node0/distance': 'ten -4\n',
      'sys/devices/system/node/node0/meminfo': 'no memory at all',
    },
  })
  expect(layout.cpus).toHaveLength(8)
  expect(layout.cpus[0].core).toBe(0)
  expect(layout.nodes).toEqual([{ node: 0, cpus: [0, 1, 2, 3, 4, 5, 6, 7], distances: [], memoryBytes: 0 }])
  expect(layout.notes.join('\n')).toMatch(/isolated is not a list/)
  expect(layout.notes.join('\n')).toMatch(/distances of node 0/)
  expect(layout.notes.join('\n')).toMatch(/4 cpus belong to no node/)
})

test('it never throws and never loses a cpu, whatever the files say', () => {
  const paths = Object.keys(sysTree(machines.three))
  const text = fc.oneof(fc.string(), fc.constantFrom('0-2', '7', '1,0', '0-1 ', '\n', '-1', '1e9', '0-8191'))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...paths), text), (spoilt) => {
      const layout = readTree({ ...sysTree(machines.three), ...spoilt })
      const online = layout.cpus.map(({ cpu }) => cpu)
      const homes = layout.nodes.flatMap(({ cpus }) => cpus)
      expect(online.length).toBeGreaterThan(0)
      expect([...homes].sort((a, b) => a - b)).toEqual(online)
      expect(layout.cpus.some(({ isUsable }) => isUsable)).toBe(true)
      expect(layout.cpus.every(({ core }) => online.includes(core))).toBe(true)
      expect(layout.quotaCores).toBeGreaterThan(0)
    }),
    { numRuns: 40 },
  )
})

test('this machine is read', () => {
  const layout = readMachineLayout()
  expect(layout.cpus.length).toBeGreaterThan(0)
  expect(layout.nodes.length).toBeGreaterThan(0)
})
