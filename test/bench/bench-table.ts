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
  ccxt: {
    path: './peers/ccxt-bench.ts',
    what: "ccxt's OrderRouter plan against our decision, its order book against ours",
  },
  gateway: {
    path: './gateway/gateway-bench.ts',
    what: 'the gateway alone: round trip and orders a second against a bare server that answers the same bytes',
  },
  router: { path: './gateway/router-bench.ts', what: 'the same through the whole router' },
  'in-process': {
    path: './gateway/in-process-bench.ts',
    what: 'order in, child frames out, without a socket: binary and JSON; bytes a message',
  },
  ring: {
    path: './ring/ring-bench.ts',
    what: 'rings and seqlocks between threads and processes: messages a second, hop, what the layout brings',
  },
  kernels: {
    path: './kernels/kernels-bench.ts',
    what: 'SIMD kernels against their TypeScript twins: same bits, who is faster, is the choice right',
  },
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
