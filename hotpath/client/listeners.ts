/** Named events with typed payloads; as small as it can be, and the same in browsers. */
export class Listeners<Events extends object> {
  readonly #sets = new Map<keyof Events, Set<(payload: never) => void>>()

  /** Answers the way to stop listening. */
  add<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    const set = this.#sets.get(name) ?? new Set()
    this.#sets.set(name, set)
    set.add(listener)
    return () => {
      set.delete(listener)
    }
  }

  tell<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of this.#sets.get(name) ?? []) (listener as (payload: Events[Name]) => void)(payload)
  }
}
