import { expect, test } from 'vitest'
import { geodesic } from '../../../../hotpath/latency/geodesic.ts'
import { regionNames, regionOf } from '../../../../hotpath/latency/regions.ts'

const kilometres = (from: string, to: string): number => {
  const [a, b] = [regionOf(from), regionOf(to)]
  if (a === undefined || b === undefined) throw new Error('no such region')
  return geodesic(a, b).distanceM / 1_000
}

test('every region lies on the globe, knows its name and how well it is known', () => {
  for (const name of regionNames) {
    const region = regionOf(name)
    expect(region?.name).toBe(name)
    expect(Math.abs(region?.latitude ?? 99)).toBeLessThan(60)
    expect(Math.abs(region?.longitude ?? 999)).toBeLessThan(180)
    expect(region?.uncertaintyKm).toBeGreaterThan(0)
  }
})

test.each([
  ['aws-ap-northeast-1', 'aws-ap-southeast-1', 5_320],
  ['aws-eu-west-2', 'aws-us-east-1', 5_920],
  ['aws-eu-west-2', 'equinix-ld4', 35],
  ['equinix-ny4', 'equinix-ch4', 1_140],
  ['aws-ap-southeast-2', 'aws-sa-east-1', 13_350],
])('%s and %s are about %i km apart', (from, to, expected) => {
  expect(Math.abs(kilometres(from, to) - expected)).toBeLessThan(30)
})

test('other names are no region', () => {
  expect(regionOf('aws-mars-1')).toBeUndefined()
  expect(regionOf('constructor')).toBeUndefined()
})
