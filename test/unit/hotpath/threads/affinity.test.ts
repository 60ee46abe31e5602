import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { canPin, pinThread, preferNode, threadCpus } from '../../../../hotpath/threads/affinity.ts'
import { CPUS_MAX } from '../../../../hotpath/threads/machine-layout.ts'

const hasThreads = process.platform === 'linux' && canPin()
const AFFINITY = new URL('../../../../hotpath/threads/affinity.ts', import.meta.url).href

/** Pins a worker and answers the mask that the kernel tells of each thread of this process, by thread. */
async function masksAfterPinning(cpu: number): Promise<{ pinned: boolean; cpus: number[]; masks: string[] }> {
  const code = `
    import { readdirSync, readFileSync } from 'node:fs'
    import { parentPort } from 'node:worker_threads'
    import { pinThread, threadCpus } from ${JSON.stringify(AFFINITY)}
    const pinned = pinThread(${cpu})
    const masks = readdirSync('/proc/self/task').map((task) => {
      const status = readFileSync('/proc/self/task/' + task + '/status', 'utf8')
      return /Cpus_allowed_list:\\s*(\\S+)/.exec(status)[1]
    })
    parentPort.postMessage({ pinned, cpus: threadCpus(), masks })
  `
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  } finally {
    await worker.terminate()
  }
}

test.skipIf(!hasThreads || availableParallelism() < 2)(
  'a worker pins its own thread and no other (needs linux, koffi and two cpus)',
  async () => {
    const before = threadCpus()
    const cpu = before[before.length - 1]
    const seen = await masksAfterPinning(cpu)
    expect(seen.pinned).toBe(true)
    expect(seen.cpus).toEqual([cpu])
    expect(seen.masks.filter((mask) => mask === String(cpu)).length).toBe(1)
    expect(threadCpus()).toEqual(before)
  },
)

test.skipIf(!hasThreads)('a cpu that is not there is refused and nothing changes (needs linux and koffi)', () => {
  const before = threadCpus()
  expect(before.length).toBeGreaterThan(0)
  expect([CPUS_MAX - 1, CPUS_MAX, -1, 1.5, Number.NaN].map(pinThread)).toEqual([false, false, false, false, false])
  expect(threadCpus()).toEqual(before)
})

const hasNodes = hasThreads && existsSync('/proc/self/numa_maps') && readNodes().includes('0')

function readNodes(): string {
  try {
    return readFileSync('/sys/devices/system/node/online', 'utf8')
  } catch {
    return ''
  }
}

test.skipIf(!hasNodes)('memory prefers a node that is there (needs linux, koffi and NUMA)', () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(1 << 16))
  expect(preferNode(bytes, 0)).toBe(true)
  expect(readFileSync('/proc/self/numa_maps', 'utf8')).toContain(' prefer:0 ')
  expect(preferNode(bytes, 1_023)).toBe(false)
  expect(preferNode(bytes, -1)).toBe(false)
  expect(preferNode(bytes.subarray(0, 100), 0), 'no whole page').toBe(false)
})
