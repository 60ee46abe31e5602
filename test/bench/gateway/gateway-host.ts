/** The gateway on uWebSockets.js with a core that only acknowledges, in a process of its own: the gateway's own share. */
import { GATEWAY_PATH } from '../../../hotpath/gateway/gateway-server.ts'
import { openTransport } from '../../../hotpath/gateway/socket-transport.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { SECRET } from '../../e2e/gateway/small-market.ts'
import { acknowledgingGateway, benchAccounts } from './acknowledging-gateway.ts'
import { serveBench } from './host-loop.ts'

const { transport } = await openTransport('uws')
const gateway = acknowledgingGateway(transport, new MachineClock())
const port = await gateway.listen({ host: '127.0.0.1', port: 0 })
serveBench({ port, path: GATEWAY_PATH, apiKey: benchAccounts[0].apiKey, secret: SECRET }, [gateway])
