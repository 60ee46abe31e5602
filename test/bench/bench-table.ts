/** Every bench by its name: one module a promise, each exporting `run` (bench-row.ts). */
export const benchTable: Readonly<Record<string, { readonly path: string; readonly what: string }>> = {
  decision: {
    path: './decision/decision-bench.ts',
    what: 'the whole decision, bytes an order, the 60 x 702 x 50 grid',
  },
  gateway: { path: './gateway/gateway-bench.ts', what: 'client round trip against a bare echo, orders a second' },
  journal: { path: './journal/journal-bench.ts', what: 'append to the ring, time until it is on disk' },
}
