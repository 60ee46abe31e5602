/** What an execution report says (FIX ExecType, tag 150). */
export const ExecType = {
  pendingNew: 0,
  new: 1,
  trade: 2,
  canceled: 3,
  replaced: 4,
  expired: 5,
  rejected: 6,
  pendingCancel: 7,
  pendingReplace: 8,
  orderStatus: 9,
  cancelRejected: 10,
  restated: 11,
} as const
export type ExecType = (typeof ExecType)[keyof typeof ExecType]
export const execTypeNames = Object.keys(ExecType) as readonly (keyof typeof ExecType)[]

export const Liquidity = { none: 0, maker: 1, taker: 2 } as const
export type Liquidity = (typeof Liquidity)[keyof typeof Liquidity]
export const liquidityNames = Object.keys(Liquidity) as readonly (keyof typeof Liquidity)[]
