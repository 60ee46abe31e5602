/** Finds the emulated venues of this state directory, or starts them again with their ports, keys and orders. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { type EmulatorInfo, readEmulatorInfo } from '../venues/emulator/emulator-info.ts'
import { isAlive, isHostProcess, startHost, until } from './host-process.ts'

const SCRIPT = 'emulator-host'

export interface EmulatorProcess {
  readonly info: EmulatorInfo
  readonly wasRunning: boolean
  stop(): void
}

/** Throws a line for people when they cannot be started. */
export async function findEmulators(wish: {
  readonly stateDirectory: string
  readonly venues: readonly string[]
  readonly seed: number
  readonly speed: number
}): Promise<EmulatorProcess> {
  mkdirSync(wish.stateDirectory, { recursive: true, mode: 0o700 })
  const infoFile = path.resolve(wish.stateDirectory, 'emulators.json')
  const before = readEmulatorInfo(infoFile)
  const runs = (info: EmulatorInfo | undefined) => info !== undefined && isHostProcess(info.pid, SCRIPT)
  const { seed, speed, venues } = wish
  const known = before?.venues.map(({ id }) => id) ?? []
  const isAsked = before?.seed === seed && venues.every((id) => known.includes(id))
  const wasRunning = runs(before) && isAsked
  if (before !== undefined && runs(before) && !isAsked) await end(before.pid)
  if (!wasRunning) {
    // With those of before, whose ports, keys and orders the file would lose else.
    const chosen = venues.length === 0 ? [] : ['--venues', [...new Set([...known, ...venues])].join(',')]
    await startHost({
      what: 'emulated venues',
      script: new URL('../venues/emulator/emulator-host.ts', import.meta.url),
      args: ['--seed', String(seed), '--speed', String(speed), '--info', infoFile, ...chosen],
      logFile: path.resolve(wish.stateDirectory, 'emulators.log'),
      isReady: () => runs(readEmulatorInfo(infoFile)),
    })
  }
  const info = readEmulatorInfo(infoFile)
  if (info === undefined) throw new Error(`emulated venues left no ${infoFile}`)
  const stop = () => {
    const now = readEmulatorInfo(infoFile)
    if (now !== undefined && runs(now)) process.kill(now.pid, 'SIGTERM')
  }
  return { info, wasRunning, stop }
}

/** Emulators of another seed or other venues make room. */
async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM')
  await until(
    () => !isAlive(pid),
    () => `emulated venues of another market (process ${pid}) do not end`,
  )
}
