/** Many questions to one data set: p values adjusted for having asked them all. */

/** Indices of the p values from small to large. */
function ascending(p: readonly number[]): number[] {
  return p.map((_, i) => i).sort((a, b) => p[a] - p[b])
}

/** Holm 1979: keeps the chance of any false claim below the level. Answers in the order given. */
export function holm(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length)
  let least = 0
  ascending(p).forEach((index, rank) => {
    least = Math.min(1, Math.max(least, (p.length - rank) * p[index]))
    adjusted[index] = least
  })
  return adjusted
}

/** Benjamini & Hochberg 1995: keeps the expected share of false claims below the level. Answers in the order given. */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length)
  const order = ascending(p)
  let most = 1
  for (let rank = p.length; rank >= 1; rank--) {
    most = Math.min(most, (p.length / rank) * p[order[rank - 1]])
    adjusted[order[rank - 1]] = most
  }
  return adjusted
}
