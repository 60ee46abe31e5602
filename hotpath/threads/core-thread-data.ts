/** What the main thread and the thread of the core tell each other at start and end; in between they have their rings. */
import type { Account } from '../../shared/config/account.ts'
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import type { TransportName } from '../gateway/socket-transport.ts'
import type { SharedLayout } from '../memory/zero-copy-engine.ts'
import type { PaperInfo } from '../venues/paper/paper-info.ts'
import type { RouterFacts } from './compose-router.ts'
import type { OpenedVenues } from './paper-venues.ts'

/** A Secret does not survive the way to another thread; its text does, in memory only. */
export interface AccountData extends Omit<Account, 'secret'> {
  readonly secret: string
}

export interface CoreThreadData {
  readonly config: HotpathConfig
  readonly accounts: readonly AccountData[]
  readonly memory: SharedLayout
  readonly transport: TransportName
  readonly venues: { readonly infoFile: string; readonly info: PaperInfo }
  readonly spins: boolean
  /** -1: wherever the system puts it. */
  readonly cpu: number
}

export type CoreThreadMessage =
  | { readonly kind: 'up'; readonly facts: RouterFacts; readonly market: OpenedVenues['market'] }
  /** Everything is written; the thread ends. */
  | { readonly kind: 'end' }
