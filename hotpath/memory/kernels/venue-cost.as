// What `lots` cost at each single venue, two venues a vector and four vectors at once. Lane by lane the same operations
// in the same order as the TypeScript twin (../venue-cost.ts); a level past the last lot adds exactly 0.
//
//   prices, lots   [level][venue], best level first, `venues` a multiple of 8; no level: 0 lots
//   factors, fixed [venue]: cost = notional * factor + fixed
//   notionals, costs, missing [venue]: the answers
export function venueCost(
  venues: i32,
  levels: i32,
  wanted: f64,
  prices: usize,
  lots: usize,
  factors: usize,
  fixed: usize,
  notionals: usize,
  costs: usize,
  missing: usize,
): void {
  const rowBytes = <usize>venues << 3
  const zero = f64x2.splat(0)
  const all = f64x2.splat(wanted)
  for (let at: usize = 0; at < rowBytes; at += 64) {
    let left0 = all
    let left1 = all
    let left2 = all
    let left3 = all
    let sum0 = zero
    let sum1 = zero
    let sum2 = zero
    let sum3 = zero
    let price = prices + at
    let shown = lots + at
    for (let level = 0; level < levels; level++) {
      const take0 = f64x2.pmin(left0, v128.load(shown))
      const take1 = f64x2.pmin(left1, v128.load(shown, 16))
      const take2 = f64x2.pmin(left2, v128.load(shown, 32))
      const take3 = f64x2.pmin(left3, v128.load(shown, 48))
      sum0 = f64x2.add(sum0, f64x2.mul(v128.load(price), take0))
      sum1 = f64x2.add(sum1, f64x2.mul(v128.load(price, 16), take1))
      sum2 = f64x2.add(sum2, f64x2.mul(v128.load(price, 32), take2))
      sum3 = f64x2.add(sum3, f64x2.mul(v128.load(price, 48), take3))
      left0 = f64x2.sub(left0, take0)
      left1 = f64x2.sub(left1, take1)
      left2 = f64x2.sub(left2, take2)
      left3 = f64x2.sub(left3, take3)
      price += rowBytes
      shown += rowBytes
      // Lots are never below 0: all filled when no bit of any is set.
      if (!v128.any_true(v128.or(v128.or(left0, left1), v128.or(left2, left3)))) break
    }
    finish(at, sum0, left0, factors, fixed, notionals, costs, missing)
    finish(at + 16, sum1, left1, factors, fixed, notionals, costs, missing)
    finish(at + 32, sum2, left2, factors, fixed, notionals, costs, missing)
    finish(at + 48, sum3, left3, factors, fixed, notionals, costs, missing)
  }
}

@inline
function finish(
  at: usize,
  sum: v128,
  left: v128,
  factors: usize,
  fixed: usize,
  notionals: usize,
  costs: usize,
  missing: usize,
): void {
  v128.store(notionals + at, sum)
  v128.store(costs + at, f64x2.add(f64x2.mul(sum, v128.load(factors + at)), v128.load(fixed + at)))
  v128.store(missing + at, left)
}
