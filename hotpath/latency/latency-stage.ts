/**
 * Where the time of an order goes: the boundaries it passes, and what lies between them. Steps follow each other and
 * share the order's time without a rest, whatever order the core takes them in: the time since the last boundary belongs
 * to the step that ends at this one. Totals and round trips are measured from their own beginning.
 *
 *   socket ─gatewayIn─▶ core ─decision─▶ ─risk─▶ ─journal─▶ accepted ─wireOut─▶ children out ─venueAck─▶ ─fill─▶ ─reportOut─▶
 *   └──────────────────────────── orderOut ─────────────────────────────────────┘
 */
export const LatencyStage = {
  gatewayIn: 0,
  risk: 1,
  decision: 2,
  journal: 3,
  wireOut: 4,
  orderOut: 5,
  reportOut: 6,
  durable: 7,
  venueAck: 8,
  fill: 9,
} as const
export type LatencyStage = (typeof LatencyStage)[keyof typeof LatencyStage]
export type LatencyStageName = keyof typeof LatencyStage

/** Steps that a boundary in the core ends. */
export type CoreStep = 1 | 2 | 3 | 4

/** Stages before this one are measured once for all venues, in nanoseconds; the others per venue, in microseconds. */
export const OWN_STAGES = 8

export interface StageFacts {
  readonly name: LatencyStageName
  readonly kind: 'step' | 'total' | 'roundTrip'
  /** Of what its histogram counts: a nanosecond reaches to 3.6 s, a microsecond to an hour. */
  readonly unit: 'ns' | 'us'
  readonly meaning: string
}

/** By LatencyStage. */
export const stageFacts: readonly StageFacts[] = [
  {
    name: 'gatewayIn',
    kind: 'step',
    unit: 'ns',
    meaning: 'from the message reaching the gateway to the core taking it: decoding and admission',
  },
  { name: 'risk', kind: 'step', unit: 'ns', meaning: 'limits and checks of the order' },
  { name: 'decision', kind: 'step', unit: 'ns', meaning: 'which venues get how much at what limit' },
  { name: 'journal', kind: 'step', unit: 'ns', meaning: 'accepted: written to the journal and published' },
  {
    name: 'wireOut',
    kind: 'step',
    unit: 'ns',
    meaning: 'the client told, the intents of the first route journaled, every child handed to the door of its venue',
  },
  {
    name: 'orderOut',
    kind: 'total',
    unit: 'ns',
    meaning:
      'from the message to the last child of the first route at its door; orders that wait for the disk are not in it',
  },
  {
    name: 'reportOut',
    kind: 'step',
    unit: 'ns',
    meaning: 'from a fill being heard to its report being handed to the gateway',
  },
  {
    name: 'durable',
    kind: 'total',
    unit: 'us',
    meaning: 'from the message to the acceptance on disk, of orders that ask for it',
  },
  {
    name: 'venueAck',
    kind: 'roundTrip',
    unit: 'us',
    meaning: 'from a child at its door to the first word of its venue about it',
  },
  {
    name: 'fill',
    kind: 'roundTrip',
    unit: 'us',
    meaning: 'from a child at its door to its first fill being heard; children that may rest left out',
  },
]

export const latencyStageNames: readonly LatencyStageName[] = stageFacts.map(({ name }) => name)
