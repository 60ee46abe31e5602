/**
 * The measure of the gateway: a bare server that answers each message with 192 bytes from a buffer that is always the
 * same. `uws` or `ws`, in a process of its own.
 */
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { loadUws } from '../../../hotpath/gateway/uws-binary.ts'
import { ExecType } from '../../../shared/domain/execution-report.ts'
import { beginReportFrame, REPORT_FRAME_BYTES, ReportField, ReportKind } from '../../../shared/wire/report-frame.ts'
import { serveBench } from './host-loop.ts'

const answer = new Uint8Array(REPORT_FRAME_BYTES)
const view = new DataView(answer.buffer)
beginReportFrame(view, ReportKind.executionReport, 1)
view.setUint8(ReportField.execType, ExecType.new)

const port = process.argv[2] === 'ws' ? await listenWs() : await listenUws()
serveBench({ port, path: '/answer' }, [])

async function listenUws(): Promise<number> {
  const load = await loadUws()
  if (!load.ok) throw new Error(load.why)
  const { uws } = load
  const app = uws.App()
  app.ws('/answer', {
    message: (ws) => {
      ws.send(answer, true)
    },
  })
  return new Promise((resolve, reject) => {
    app.listen('127.0.0.1', 0, (token) => {
      if (token === false) reject(new Error('no port for the bare server'))
      else resolve(uws.us_socket_local_port(token))
    })
  })
}

async function listenWs(): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/answer', perMessageDeflate: false })
  server.on('connection', (ws) => {
    ws.on('message', () => ws.send(answer))
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}
