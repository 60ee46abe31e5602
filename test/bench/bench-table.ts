/** Every bench by its name: one module a promise, each exporting `run` (bench-row.ts). */
export const benchTable: Readonly<Record<string, { readonly path: string; readonly what: string }>> = {
  sweep: {
    path: './splitting/sweep-bench.ts',
    what: 'the fee-adjusted sweep against its C++ twin, 32 venues x 20 levels',
  },
  highs: {
    path: './splitting/highs-bench.ts',
    what: 'the splitter against HiGHS (LP and MILP) on random problems: objective, certificate, time',
  },
  decision: {
    path: './decision/decision-bench.ts',
    what: 'the whole decision, bytes an order, the 60 x 702 x 50 grid',
  },
  gateway: {
    path: './gateway/gateway-bench.ts',
    what: 'the gateway alone: round trip against a bare echo, orders a second',
  },
  router: { path: './gateway/router-bench.ts', what: 'the same through the whole router' },
  journal: { path: './journal/journal-bench.ts', what: 'append to the ring, time until it is on disk' },
  feeds: {
    path: './feeds/feeds-bench.ts',
    what: 'a depth frame from bytes to book: ten venues, against ccxt.pro and JSON.parse',
  },
  books: {
    path: './feeds/books-bench.ts',
    what: 'book updates, level updates a second, bytes a frame, a million resyncs',
  },
  orders: { path: './venues/orders-bench.ts', what: 'an order encoded and signed, against the plain way' },
}
