/** What `sor doctor` looks at: each check says what it found, and what to do when that is not the best there is. */
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createConnection, createServer } from 'node:net'
import { availableParallelism, cpus, freemem, loadavg, release, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { loadUws } from '../gateway/uws-binary.ts'
import { openSharedRegion, SHARED_MEMORY_DIRECTORY } from '../memory/mapped-region.ts'
import { chooseKernels, type KernelChoices, kernelText } from '../memory/simd-kernels.ts'
import { canPin } from '../threads/affinity.ts'
import { MachineClock } from '../threads/machine-clock.ts'
import { type MachineLayout, readMachineLayout } from '../threads/machine-layout.ts'
import { chooseTopology, machineText } from '../threads/topology.ts'
import { readSettingsFile, SETTINGS_FILE } from './client-settings.ts'

/** ok: used as it is. slower: works by another way. missing: does not work. */
export type CheckVerdict = 'ok' | 'slower' | 'missing'

export interface Check {
  readonly name: string
  readonly verdict: CheckVerdict
  readonly finding: string
  /** What to do; only when the verdict is not ok. */
  readonly advice?: string
}

const NODE_MAJOR_MIN = 24
const MEMORY_FREE_BYTES_MIN = 2 ** 30
const SHARED_FREE_BYTES_MIN = 2 ** 26
const DISK_FREE_BYTES_MIN = 2 ** 30
const PORT_DEFAULT = 7001
const DISK_WRITES = 60
const RECORD_BYTES = 200

/** In the order they are read. Bounded: well under two seconds on a healthy disk. */
export async function checkMachine(stateDirectory: string): Promise<readonly Check[]> {
  return [
    checkNode(process.versions.node, process.execPath),
    checkSystem(),
    await checkTransport(),
    checkSharedMemory(),
    checkCores(availableParallelism()),
    checkLayout(readMachineLayout()),
    checkPinning(),
    checkKernels(chooseKernels(new MachineClock())),
    checkMemory(freemem(), totalmem()),
    checkClock(),
    checkStateDirectory(stateDirectory),
    checkDisk(stateDirectory),
    await checkPort(stateDirectory),
    checkPackages(),
  ]
}

export function checkNode(version: string, path: string): Check {
  const isNew = Number(version.split('.')[0]) >= NODE_MAJOR_MIN
  const finding = `v${version}, ${path}`
  if (isNew) return { name: 'node', verdict: 'ok', finding }
  return { name: 'node', verdict: 'missing', finding, advice: `Node ${NODE_MAJOR_MIN} is needed: npm ci brings it` }
}

function checkSystem(): Check {
  const name = 'system'
  const glibc = glibcVersion()
  const libc = glibc === undefined ? 'no glibc' : `glibc ${glibc}`
  const finding = `${process.platform} ${process.arch} ${release()}, ${libc}`
  if (process.platform === 'linux' && glibc !== undefined) return { name, verdict: 'ok', finding }
  return {
    name,
    verdict: 'slower',
    finding,
    advice: 'Linux with glibc is what we measure on; elsewhere ws and files are used',
  }
}

function glibcVersion(): string | undefined {
  const reporter = process.report as typeof process.report & { excludeNetwork: boolean }
  reporter.excludeNetwork = true
  const report = reporter.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime
}

async function checkTransport(): Promise<Check> {
  const name = 'gateway socket'
  const load = await loadUws()
  if (load.ok) return { name, verdict: 'ok', finding: `${load.name} (${load.note})` }
  const advice = 'orders work, about 8 times fewer a second: use glibc 2.36 or newer on x64 or arm64, and run npm ci'
  return { name, verdict: 'slower', finding: `ws, because ${load.why}`, advice }
}

/** Maps a small file and writes through it: koffi and /dev/shm in one. */
function checkSharedMemory(): Check {
  const name = 'shared memory'
  const path = join(SHARED_MEMORY_DIRECTORY, `sor-doctor-${randomBytes(6).toString('hex')}`)
  const advice = 'the journal uses a file instead (some microseconds an order): npm ci for koffi, or give /dev/shm room'
  try {
    const region = openSharedRegion(path, 4_096)
    if (region === undefined) {
      const why = existsSync(SHARED_MEMORY_DIRECTORY)
        ? 'koffi cannot map memory here'
        : `there is no ${SHARED_MEMORY_DIRECTORY}`
      return { name, verdict: 'slower', finding: `files, because ${why}`, advice }
    }
    region.bytes[0] = 1
    region.close()
    const free = freeBytes(SHARED_MEMORY_DIRECTORY)
    const finding = `koffi maps ${SHARED_MEMORY_DIRECTORY}, ${megabytes(free)} free`
    return free >= SHARED_FREE_BYTES_MIN
      ? { name, verdict: 'ok', finding }
      : { name, verdict: 'slower', finding, advice }
  } catch (error) {
    return { name, verdict: 'slower', finding: `files, because ${messageOf(error)}`, advice }
  } finally {
    rmSync(path, { force: true })
  }
}

export function checkCores(cores: number): Check {
  const load = loadavg()[0]
  const finding = `${cores} (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${load.toFixed(2)}`
  const name = 'cores'
  if (cores < 2)
    return {
      name,
      verdict: 'slower',
      finding,
      advice: 'gateway, core and journal share one core: two or more are better',
    }
  if (load <= cores) return { name, verdict: 'ok', finding }
  return { name, verdict: 'slower', finding, advice: 'other programs keep the cores busy: latencies will be long' }
}

/** Usable cpus and NUMA nodes, and the threads the router would choose on them. */
export function checkLayout(machine: MachineLayout): Check {
  const name = 'threads'
  const { layout } = chooseTopology({ threads: 'auto', spin: true, pin: true }, machine)
  const finding = [`${layout}: ${machineText(machine)}`, ...machine.notes].join('; ')
  if (layout === 'split') return { name, verdict: 'ok', finding }
  const advice = 'gateway and core share one thread and do not spin: three cpus on two physical cores are faster'
  return { name, verdict: 'slower', finding, advice }
}

function checkPinning(): Check {
  const name = 'pinning'
  if (canPin()) return { name, verdict: 'ok', finding: 'threads can be put on a cpu' }
  const advice = 'needs Linux and koffi (npm ci): start the router under taskset instead'
  return { name, verdict: 'slower', finding: 'threads run where the system puts them', advice }
}

/** Which twin of each kernel the router uses here, by what was measured just now. */
export function checkKernels(choices: KernelChoices): Check {
  const name = 'kernels'
  const finding = kernelText(choices)
  const { mlpHead, venueCost } = choices
  if ([mlpHead, venueCost].every(({ ratio, isEqual }) => ratio > 0 && isEqual)) return { name, verdict: 'ok', finding }
  return {
    name,
    verdict: 'slower',
    finding,
    advice: 'scores are worked out without SIMD: use the Node that npm ci brings',
  }
}

export function checkMemory(freeBytesNow: number, totalBytes: number): Check {
  const finding = `${megabytes(freeBytesNow)} free of ${megabytes(totalBytes)}`
  if (freeBytesNow >= MEMORY_FREE_BYTES_MIN) return { name: 'memory', verdict: 'ok', finding }
  return {
    name: 'memory',
    verdict: 'slower',
    finding,
    advice: 'below 1 GiB: close something, or trade fewer instruments',
  }
}

/** The smallest step of the clock that the hot path reads, and what reading it costs. */
function checkClock(): Check {
  const clock = new MachineClock()
  const reads = 20_000
  const steps: number[] = []
  let last = clock.monoNs() as number
  const startMs = performance.now()
  for (let i = 0; i < reads; i++) {
    const now = clock.monoNs() as number
    if (now > last) steps.push(now - last)
    last = now
  }
  const costNs = ((performance.now() - startMs) * 1e6) / reads
  const stepNs = steps.reduce((low, step) => Math.min(low, step), Number.POSITIVE_INFINITY)
  const source = readLine('/sys/devices/system/clocksource/clocksource0/current_clocksource') ?? 'unknown source'
  const finding = `steps of ${stepNs.toFixed(0)} ns, ${costNs.toFixed(0)} ns a read, ${source}`
  if (stepNs <= 1_000) return { name: 'clock', verdict: 'ok', finding }
  return {
    name: 'clock',
    verdict: 'slower',
    finding,
    advice: 'coarser than a microsecond: latencies are told in its steps',
  }
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

function checkStateDirectory(stateDirectory: string): Check {
  const name = 'state folder'
  const path = resolve(stateDirectory)
  const folder = nearestFolder(path)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    return { name, verdict: 'missing', finding: `${path} cannot be written`, advice: 'name another with --state DIR' }
  }
  const free = freeBytes(folder)
  const what = folder === path ? 'is there' : 'will be made at the first start'
  const finding = `${path} ${what}, ${megabytes(free)} free`
  if (free >= DISK_FREE_BYTES_MIN) return { name, verdict: 'ok', finding }
  return { name, verdict: 'slower', finding, advice: 'the journal needs room: below 1 GiB' }
}

/** The folder itself, or the first one above it that exists. */
function nearestFolder(path: string): string {
  let folder = path
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** Median and worst of the write and fdatasync of one journal record: what durability 'machine' waits for. */
function checkDisk(stateDirectory: string): Check {
  const name = 'disk'
  const folder = nearestFolder(resolve(stateDirectory))
  const path = join(folder, `.sor-doctor-${randomBytes(6).toString('hex')}`)
  try {
    const file = openSync(path, 'wx', 0o600)
    const times: number[] = []
    try {
      const record = new Uint8Array(RECORD_BYTES).fill(1)
      for (let i = 0; i < DISK_WRITES; i++) {
        const startMs = performance.now()
        writeSync(file, record)
        fdatasyncSync(file)
        times.push(performance.now() - startMs)
      }
    } finally {
      closeSync(file)
    }
    times.sort((a, b) => a - b)
    const medianMs = times[DISK_WRITES >> 1]
    const finding = `write and fdatasync of one record: ${medianMs.toFixed(2)} ms (worst of ${DISK_WRITES}: ${times[DISK_WRITES - 1].toFixed(2)} ms)`
    if (medianMs < 10) return { name, verdict: 'ok', finding }
    return {
      name,
      verdict: 'slower',
      finding,
      advice: 'durable orders wait for it: put the state folder on a faster disk',
    }
  } catch (error) {
    return { name, verdict: 'missing', finding: messageOf(error), advice: 'name another folder with --state DIR' }
  } finally {
    rmSync(path, { force: true })
  }
}

/** Free for a router to listen on, or a router is there already. */
async function checkPort(stateDirectory: string): Promise<Check> {
  const name = 'port'
  const port = portOf(stateDirectory)
  if (await canListen(port)) return { name, verdict: 'ok', finding: `127.0.0.1:${port} is free: no router runs there` }
  if (await isRouter(port)) return { name, verdict: 'ok', finding: `a router answers on 127.0.0.1:${port}` }
  const advice = 'start the router on another port: npm start -- --port N'
  return { name, verdict: 'missing', finding: `127.0.0.1:${port} is taken by another program`, advice }
}

function portOf(stateDirectory: string): number {
  try {
    const port = new URL(readSettingsFile(join(stateDirectory, SETTINGS_FILE)).url ?? '').port
    return port === '' ? PORT_DEFAULT : Number(port)
  } catch {
    return PORT_DEFAULT
  }
}

function canListen(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', () => done(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)))
  })
}

const ANSWER_MS_MAX = 1_000

/** GET /health answers with JSON. */
function isRouter(port: number): Promise<boolean> {
  return new Promise((done) => {
    let answer = ''
    const socket = createConnection({ port, host: '127.0.0.1' }, () => {
      socket.write('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
    })
    const end = (): void => {
      socket.destroy()
      done(/^HTTP\/1\.1 (200|503)/.test(answer) && answer.includes('{'))
    }
    socket.setTimeout(ANSWER_MS_MAX, end)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (answer.length > 65_536) end()
    })
    socket.on('end', end)
    socket.on('error', end)
  })
}

const packageNames: readonly string[] = ['koffi', 'uWebSockets.js', 'ws', 'zod']

function checkPackages(): Check {
  const root = createRequire(import.meta.url)
  const own = (root('../../package.json') as { version: string }).version
  const versions = packageNames.map((name): [string, string | undefined] => [name, versionOf(root, name)])
  const finding = [
    `smart-order-router ${own}`,
    ...versions.map(([name, version]) => `${name} ${version ?? 'missing'}`),
  ].join(', ')
  if (versions.every(([, version]) => version !== undefined)) return { name: 'packages', verdict: 'ok', finding }
  return { name: 'packages', verdict: 'missing', finding, advice: 'run npm ci' }
}

/** From the package's own manifest, found above its entry: many packages do not export it. */
function versionOf(root: NodeJS.Require, name: string): string | undefined {
  try {
    let folder = dirname(root.resolve(name))
    while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string }).version
  } catch {
    return undefined
  }
}

function freeBytes(path: string): number {
  const stat = statfsSync(path)
  return stat.bavail * stat.bsize
}

function megabytes(bytes: number): string {
  return bytes >= 2 ** 31 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
