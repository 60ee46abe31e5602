/** A measured server in a process of its own (answer-host, gateway-host, router-host), and how its loop is to run. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoopMode } from './host-loop.ts'

export interface ServerDoor {
  readonly port: number
  readonly path: string
  /** Absent: no logon. */
  readonly apiKey?: string
  readonly secret?: string
}

export class BenchServer {
  readonly door: ServerDoor
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, door: ServerDoor) {
    this.#process = child
    this.door = door
  }

  /** Rejects when it ends before it listens. Its loop is paused. */
  static async start(host: string, ...options: readonly string[]): Promise<BenchServer> {
    const path = fileURLToPath(new URL(`./${host}.ts`, import.meta.url))
    const child = fork(path, [...options], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${host} ended before it listened`)
    })
    const [door] = (await Promise.race([once(child, 'message'), ended])) as [ServerDoor]
    ended.catch(() => {})
    return new BenchServer(child, door)
  }

  async setLoop(mode: LoopMode): Promise<void> {
    const changed = once(this.#process, 'message')
    this.#process.send(mode)
    await changed
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.disconnect()
    await ended
  }
}
