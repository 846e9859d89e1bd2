interface Place<Visitor> {
  /** How many visits each visitor has going on. */
  readonly visits: Map<Visitor, number>
  readonly waiting: Array<{ readonly visitor: Visitor, readonly admit: () => void }>
}

/** Lets a few visitors at a time into each place. One that is in a place may visit it several times at once. */
export class Gate<Visitor> {
  readonly #maxVisitors: number
  readonly #places = new Map<string, Place<Visitor>>()

  constructor (maxVisitors: number) {
    this.#maxVisitors = maxVisitors
  }

  /** Whether a visitor would have to wait. */
  isFull (name: string, visitor: Visitor): boolean {
    const place = this.#places.get(name)
    return place !== undefined && !this.#hasRoom(place, visitor)
  }

  /** Waits for admission; the function that it returns ends the visit. */
  async enter (name: string, visitor: Visitor): Promise<() => void> {
    const place: Place<Visitor> = this.#places.get(name) ?? { visits: new Map(), waiting: [] }
    this.#places.set(name, place)
    if (this.#hasRoom(place, visitor)) this.#admit(place, visitor)
    else await new Promise<void>(resolve => { place.waiting.push({ visitor, admit: resolve }) })
    return () => this.#leave(name, place, visitor)
  }

  #hasRoom ({ visits }: Place<Visitor>, visitor: Visitor): boolean {
    return visits.size < this.#maxVisitors || visits.has(visitor)
  }

  #admit ({ visits }: Place<Visitor>, visitor: Visitor): void {
    visits.set(visitor, (visits.get(visitor) ?? 0) + 1)
  }

  #leave (name: string, place: Place<Visitor>, visitor: Visitor): void {
    const left = Number(place.visits.get(visitor)) - 1
    if (left > 0) {
      place.visits.set(visitor, left)
      return
    }
    place.visits.delete(visitor)
    // The one that has waited longest comes in with all its visits.
    const [next] = place.waiting
    if (next === undefined) {
      if (place.visits.size === 0) this.#places.delete(name)
      return
    }
    const admitted = place.waiting.filter(({ visitor }) => visitor === next.visitor)
    place.waiting.splice(0, Infinity, ...place.waiting.filter(({ visitor }) => visitor !== next.visitor))
    for (const { admit } of admitted) {
      this.#admit(place, next.visitor)
      admit()
    }
  }
}
