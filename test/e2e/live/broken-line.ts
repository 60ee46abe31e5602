/** A line between the router and an exchange that a test breaks: cut, or deaf (what we say arrives, nothing comes back). */

import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export class BrokenLine {
  readonly #port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  isDeaf = false
  #isCut = false

  /** To this port of 127.0.0.1. */
  constructor(port: number) {
    this.#port = port
    this.#server = createServer((near) => this.#join(near))
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  /** Every connection breaks, and no new one holds until `mend`. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#isCut = false
    this.isDeaf = false
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      near.destroy()
      return
    }
    const far = dial(this.#port, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => {
      if (!this.isDeaf) near.write(bytes)
    })
  }
}
