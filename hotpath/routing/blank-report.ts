/** A client report of a parent with nothing in it but what happened, when, and under which number. */
import type { ExecType } from '../../shared/domain/execution-report.ts'
import type { ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import type { ClientReport } from '../orders/client-report.ts'
import { NO_ROW as noRow } from '../orders/order-store.ts'
import type { CoreParts } from './core-parts.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const NO_ROW = noRow

/** Fills the one reused report; the caller adds the fill or the reason. */
export function blankReport(
  report: ClientReport,
  parent: ParentRow,
  execType: ExecType,
  parts: CoreParts,
): ClientReport {
  const { store, log, turn } = parts
  report.parent = parent
  report.account = store.accountOf(parent)
  report.execType = execType
  report.liquidity = 0
  report.venue = NO_ROW as VenueIndex
  report.feeInBase = false
  report.denied = 0
  report.rejected = 0
  report.lastLots = 0 as typeof report.lastLots
  report.lastTicks = 0 as typeof report.lastTicks
  report.feeUnits = 0 as typeof report.feeUnits
  report.execution = log.sequence
  report.timeUs = turn.nowUs
  return report
}
