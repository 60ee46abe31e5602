// Two dense layers in float32: y = W2 relu(W1 x + b1) + b2, four lanes at once. No fused multiply-add: every product and
// every sum is rounded by itself, so that the bits are those of the TypeScript twin (../mlp-head.ts).
//
//   w1   [inputs][hidden]: a vector is four hidden units, 16 of them are in work at a time (independent chains)
//   w2   [outputs][hidden]: four partial sums over the hidden units, added ((0 + 1) + (2 + 3)) + b2 at the end
//   hidden is a multiple of 4; every address is one of 16 bytes
export function mlpHead(
  batch: i32,
  inputs: i32,
  hidden: i32,
  outputs: i32,
  x: usize,
  w1: usize,
  b1: usize,
  w2: usize,
  b2: usize,
  middle: usize,
  y: usize,
): void {
  const rowBytes = <usize>hidden << 2
  for (let row = 0; row < batch; row++) {
    firstLayer(x, inputs, w1, b1, middle, rowBytes)
    secondLayer(outputs, middle, w2, b2, y, rowBytes)
    x += <usize>inputs << 2
    y += <usize>outputs << 2
  }
}

function firstLayer(x: usize, inputs: i32, w1: usize, b1: usize, middle: usize, rowBytes: usize): void {
  const zero = f32x4.splat(0)
  const end = x + (<usize>inputs << 2)
  let at: usize = 0
  for (; at + 64 <= rowBytes; at += 64) {
    let sum0 = v128.load(b1 + at)
    let sum1 = v128.load(b1 + at, 16)
    let sum2 = v128.load(b1 + at, 32)
    let sum3 = v128.load(b1 + at, 48)
    let w = w1 + at
    for (let input = x; input < end; input += 4) {
      const value = v128.load32_splat(input)
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load(w), value))
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(w, 16), value))
      sum2 = f32x4.add(sum2, f32x4.mul(v128.load(w, 32), value))
      sum3 = f32x4.add(sum3, f32x4.mul(v128.load(w, 48), value))
      w += rowBytes
    }
    v128.store(middle + at, f32x4.max(zero, sum0))
    v128.store(middle + at, f32x4.max(zero, sum1), 16)
    v128.store(middle + at, f32x4.max(zero, sum2), 32)
    v128.store(middle + at, f32x4.max(zero, sum3), 48)
  }
  for (; at < rowBytes; at += 16) {
    let sum = v128.load(b1 + at)
    let w = w1 + at
    for (let input = x; input < end; input += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(w), v128.load32_splat(input)))
      w += rowBytes
    }
    v128.store(middle + at, f32x4.max(zero, sum))
  }
}

function secondLayer(outputs: i32, middle: usize, w2: usize, b2: usize, y: usize, rowBytes: usize): void {
  for (let output: usize = 0; output < <usize>outputs; output++) {
    let sum = f32x4.splat(0)
    for (let at: usize = 0; at < rowBytes; at += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(w2 + at), v128.load(middle + at)))
    }
    const total =
      f32x4.extract_lane(sum, 0) +
      f32x4.extract_lane(sum, 1) +
      (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
    store<f32>(y + (output << 2), total + load<f32>(b2 + (output << 2)))
    w2 += rowBytes
  }
}
