/** A TCP door between a client and a gateway that can swallow what comes back, cut every connection, or be shut. */
import { once } from 'node:events'
import net from 'node:net'

export class CutProxy {
  /** What the gateway says is lost on the way. */
  isSwallowing = false
  /** What the client says is lost on the way. */
  isDeaf = false
  /** New connections are refused. */
  isShut = false
  attempts = 0
  /** Port of the gateway that new connections go to. */
  target: number
  readonly #server: net.Server
  readonly #pairs = new Set<net.Socket>()

  private constructor(server: net.Server, target: number) {
    this.#server = server
    this.target = target
  }

  static async open(port: number): Promise<CutProxy> {
    const proxy = new CutProxy(net.createServer(), port)
    proxy.#server.on('connection', (client) => proxy.#join(client))
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}/v1/orders`
  }

  cut(): void {
    for (const socket of this.#pairs) socket.resetAndDestroy()
    this.#pairs.clear()
  }

  close(): void {
    this.cut()
    this.#server.close()
  }

  #join(client: net.Socket): void {
    this.attempts++
    if (this.isShut) {
      client.resetAndDestroy()
      return
    }
    const gateway = net.connect(this.target, '127.0.0.1')
    for (const socket of [client, gateway]) {
      this.#pairs.add(socket)
      socket.on('error', () => {})
    }
    client.on('data', (data) => {
      if (!this.isDeaf) gateway.write(data)
    })
    gateway.on('data', (data) => {
      if (!this.isSwallowing) client.write(data)
    })
    client.on('close', () => gateway.destroy())
    gateway.on('close', () => client.destroy())
  }
}
