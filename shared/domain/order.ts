/** Words and numbers of an order, as FIX has them (tags 54, 40, 59). */
export const Side = { buy: 1, sell: 2 } as const
export type Side = (typeof Side)[keyof typeof Side]

export const OrderType = { market: 1, limit: 2 } as const
export type OrderType = (typeof OrderType)[keyof typeof OrderType]

export const TimeInForce = { gtc: 1, ioc: 3, fok: 4, gtd: 6 } as const
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce]

/** How safe an order must be before its acknowledgement: in the shared-memory ring, or on disk too. */
export const Durability = { process: 0, machine: 1 } as const
export type Durability = (typeof Durability)[keyof typeof Durability]
