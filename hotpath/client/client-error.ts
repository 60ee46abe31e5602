/** What can go wrong for a client, one class each. */

/** The router refused: nothing was changed. `reason` is one of the stable reason names. */
export class OrderDenied extends Error {
  override readonly name = 'OrderDenied'
  readonly reason: string
  readonly op: string
  /** What the refusal was about, if one field. */
  readonly field: string | undefined
  readonly clientOrderId: string | undefined
  /** Of a refused quote: the decision that came to nothing. */
  readonly explanation: unknown

  constructor(denied: {
    readonly reason: string
    readonly text: string
    readonly op?: string | null
    readonly field?: string
    readonly clientOrderId?: string
    readonly explanation?: unknown
  }) {
    const about = denied.field === undefined ? '' : ` (${denied.field})`
    super(`${denied.reason}${about}: ${denied.text}`)
    this.reason = denied.reason
    this.op = denied.op ?? ''
    this.field = denied.field
    this.clientOrderId = denied.clientOrderId
    this.explanation = denied.explanation
  }
}

/** No connection: what was asked was not sent, or its answer will not come. New orders are asked again by themselves. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** No answer in time. Of a new order this says nothing about the order: ask its status. */
export class AnswerTimedOut extends Error {
  override readonly name = 'AnswerTimedOut'
}
