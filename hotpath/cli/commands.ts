/** Every command of `sor`, in the order the help lists them. */
import { cancel } from './cancel.ts'
import type { Command } from './command.ts'
import { doctor } from './doctor.ts'
import { explain } from './explain.ts'
import { latency } from './latency.ts'
import { order } from './order.ts'
import { quote } from './quote.ts'
import { record } from './record.ts'
import { replay } from './replay.ts'
import { report } from './report.ts'
import { status } from './status.ts'
import { venues } from './venues.ts'
import { watch } from './watch.ts'

export const commands: readonly Command[] = [
  order,
  quote,
  explain,
  status,
  cancel,
  watch,
  venues,
  latency,
  report,
  record,
  replay,
  doctor,
]
