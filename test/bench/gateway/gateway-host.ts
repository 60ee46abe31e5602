/** The gateway with a core that only acknowledges, in a process of its own: the gateway's own share of a round trip. */
import { startGateway } from '../../e2e/gateway/real-gateway.ts'
import { SECRET, smallAccounts } from '../../e2e/gateway/small-market.ts'

const isSpinning = process.argv[2] === 'spinning'
const accounts = smallAccounts({ ordersPerSecond: 10_000_000, ordersBurst: 10_000_000 })
const { port } = await startGateway('uws', { accounts, parentsMax: 1 << 17, isSpinning })
process.send?.({ port, apiKey: accounts[0].apiKey, secret: SECRET })
process.on('disconnect', () => process.exit(0))
