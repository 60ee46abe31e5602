import { expect, test } from 'vitest'
import { type ProgramRunner, probeHops } from '../../../../hotpath/latency/hop-probe.ts'

/** Programs that are here, by what they print. */
function machineWith(printed: Readonly<Record<string, string>>, started: string[][] = []): ProgramRunner {
  return (program, words) => {
    started.push([program, ...words])
    return Promise.resolve(printed[program])
  }
}

test('the first program that works answers', async () => {
  const hops = [{ ttl: 1, hosts: ['gateway'], minRttMs: 0.5, answers: 1 }]
  const machine = machineWith({ tracepath: ' 1:  gateway  0.5ms\n' })
  expect(await probeHops('example.net', machine)).toEqual({ ok: true, program: 'tracepath', hops })
})

test('a program that may not run prints no hops, and the next is tried', async () => {
  const machine = machineWith({ traceroute: 'Operation not permitted\n', tracepath: ' 1:  gateway  0.5ms\n' })
  expect(await probeHops('192.0.2.1', machine)).toMatchObject({ ok: true, program: 'tracepath' })
})

test('a machine without any says so', async () => {
  expect(await probeHops('example.net', machineWith({}))).toEqual({
    ok: false,
    reason: 'no hop answered traceroute, tracepath, mtr (missing, or not permitted): recorded samples only',
  })
})

test('silence all the way is no answer', async () => {
  expect(await probeHops('example.net', machineWith({ traceroute: ' 1  * * *\n' }))).toMatchObject({ ok: false })
})

test.each([
  '-f',
  '--help',
  '',
  'a b',
  'a;b',
  '$(x)',
  'x'.repeat(300),
])('%s is no target and starts nothing', async (target) => {
  const started: string[][] = []
  expect(await probeHops(target, machineWith({ traceroute: ' 1  192.0.2.1  1 ms' }, started))).toMatchObject({
    ok: false,
  })
  expect(started).toEqual([])
})
