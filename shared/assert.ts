/** Our own mistakes stop the process at once and loudly; the journal replays what was true. */
export function assert(fact: boolean, message: string): asserts fact {
  if (!fact) throw new AssertionError(message)
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}
