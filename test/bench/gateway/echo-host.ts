/** A bare uWebSockets.js echo in a process of its own: what a round trip costs when nothing is done in it. */
import { loadUws } from '../../../hotpath/gateway/uws-binary.ts'

const load = await loadUws()
if (!load.ok) throw new Error(load.why)
const { uws } = load
const app = uws.App()
app.ws('/echo', {
  message: (ws, message, isBinary) => {
    ws.send(message, isBinary)
  },
})
app.listen('127.0.0.1', 0, (token) => {
  if (token === false) throw new Error('no port for the echo')
  process.send?.({ port: uws.us_socket_local_port(token) })
})
// The same loop as the router it is compared with.
if (process.argv[2] === 'spinning') {
  const spin = (): void => {
    setImmediate(spin)
  }
  spin()
}
process.on('disconnect', () => process.exit(0))
