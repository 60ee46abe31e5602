/** A pipe over TCP on this machine. */
import { connect, type Socket } from 'node:net'
import type { Pipe, PipeEvents } from './pipe.ts'

export class SocketPipe implements Pipe {
  readonly #socket: Socket

  constructor(port: number, events: PipeEvents) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.#socket.on('connect', () => events.onOpen())
    this.#socket.on('data', (bytes) => events.onBytes(bytes))
    // The close that follows says all there is to say.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => events.onClose())
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Nothing is read until `resume`; the other end feels it. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  get unsentBytes(): number {
    return this.#socket.writableLength
  }
}
