/** Connects a command to the router and turns what can go wrong into an end with an exit code. */
import {
  AnswerTimedOut,
  ConnectionLost,
  type LogonAnswer,
  OrderClient,
  OrderDenied,
  type OrderReference,
} from '../client/order-client.ts'
import { readClientSettings, STATE_DIRECTORY_DEFAULT } from './client-settings.ts'
import { type CommandCall, type CommandOption, usageError } from './command.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'

const CONNECT_MS_MAX = 10_000

export interface Connection {
  readonly client: OrderClient
  readonly router: LogonAnswer
}

/** Connects, runs, and closes whatever happens. Ctrl-C while connecting ends the command. */
export async function withRouter(
  call: CommandCall,
  run: (connection: Connection) => Promise<ExitCode>,
): Promise<ExitCode> {
  const settings = readClientSettings(call.options.text('state') ?? STATE_DIRECTORY_DEFAULT, call.environment)
  const client = new OrderClient({ ...settings, connectTimeoutMs: CONNECT_MS_MAX })
  try {
    const router = await call.interruption.orInterrupted(connect(client, settings.url))
    if (router === undefined) return ExitCode.interrupted
    return await run({ client, router })
  } catch (error) {
    throw explainFailure(error)
  } finally {
    client.close()
  }
}

async function connect(client: OrderClient, url: string): Promise<LogonAnswer> {
  try {
    return await client.connect()
  } catch (error) {
    if (error instanceof OrderDenied) {
      throw new CommandFailure(ExitCode.cannotConnect, `${url} refuses the key: ${error.message}`, error.reason)
    }
    const text = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(
      ExitCode.cannotConnect,
      `cannot connect to ${url}: ${text}. Is the router running? npm start`,
    )
  }
}

/** What the client throws, as the end of a command. */
export function explainFailure(error: unknown): unknown {
  if (error instanceof OrderDenied) return new CommandFailure(ExitCode.denied, error.message, error.reason)
  if (error instanceof ConnectionLost) return new CommandFailure(ExitCode.cannotConnect, error.message)
  if (error instanceof AnswerTimedOut) {
    return new CommandFailure(ExitCode.failed, `${error.message}: sor status tells what became of it`)
  }
  return error
}

export const referenceOption: CommandOption = {
  name: 'client-order-id',
  help: 'ORDER is your own id, even when it is all digits',
}

/** ORDER is the router's number, or a client order id. */
export function readReference(text: string, isClientId: boolean): OrderReference {
  if (text === '') throw usageError('ORDER is an order number or a client order id')
  return isClientId || !/^\d{1,16}$/.test(text) ? { clientOrderId: text } : { orderId: text }
}

/** The only argument of a command. */
export function readOneReference(call: CommandCall): OrderReference {
  if (call.positionals.length !== 1) throw usageError('give one ORDER: an order number or a client order id')
  return readReference(call.positionals[0], call.options.isSet('client-order-id'))
}
