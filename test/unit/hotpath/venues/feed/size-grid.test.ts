import { expect, test } from 'vitest'
import { LevelList } from '../../../../../hotpath/venues/feed/level-list.ts'
import { SizeGrid } from '../../../../../hotpath/venues/feed/size-grid.ts'
import { SymbolTable } from '../../../../../hotpath/venues/feed/symbol-table.ts'

function cut(grid: SizeGrid, sizes: readonly [number, number][]): string[] {
  const levels = new LevelList()
  for (const [size, fraction] of sizes) levels.add(0, 1, 0, size, fraction)
  grid.cut(0, levels)
  return sizes.map((_, at) => `${levels.size[at]}e-${levels.sizeFraction[at]}`)
}

test('sizes that fit stay as they are', () => {
  expect(
    cut(new SizeGrid(), [
      [12_345_678, 8],
      [5, 0],
    ]),
  ).toEqual(['12345678e-8', '5e-0'])
})

test('dust behind eight digits goes', () => {
  expect(cut(new SizeGrid(), [[123_456_789_012, 11]])).toEqual(['123456789e-8'])
})

test('a large level makes the grid of its book coarser, and it stays so', () => {
  const grid = new SizeGrid()
  // 4.5e8 x 10^6 x 16 is below 2^53, 10^7 is not.
  expect(
    cut(grid, [
      [450_000_000, 0],
      [12_345_678, 8],
    ]),
  ).toEqual(['450000000e-0', '123456e-6'])
  expect(cut(grid, [[12_345_678, 8]])).toEqual(['123456e-6'])
})

test('decoders of the same symbols share it', () => {
  const symbols = new SymbolTable()
  expect(SizeGrid.of(symbols)).toBe(SizeGrid.of(symbols))
  expect(SizeGrid.of(symbols)).not.toBe(SizeGrid.of(new SymbolTable()))
})
