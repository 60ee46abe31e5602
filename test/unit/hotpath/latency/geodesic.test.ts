import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Coordinates, GRS80, geodesic, haversineM, WGS84 } from '../../../../hotpath/latency/geodesic.ts'

const degrees = (whole: number, minutes: number, seconds: number): number => whole + minutes / 60 + seconds / 3_600

test('Flinders Peak to Buninyong, as Geoscience Australia prints it (GRS80)', () => {
  const flindersPeak = { latitude: -degrees(37, 57, 3.7203), longitude: degrees(144, 25, 29.5244) }
  const buninyong = { latitude: -degrees(37, 39, 10.1561), longitude: degrees(143, 55, 35.3839) }
  const { distanceM, azimuthDeg } = geodesic(flindersPeak, buninyong, GRS80)
  expect(distanceM).toBeCloseTo(54_972.271, 3)
  expect(azimuthDeg).toBeCloseTo(degrees(306, 52, 5.37), 5)
})

test('the quarter of the equator is a quarter of its circle', () => {
  const { distanceM, azimuthDeg } = geodesic({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 90 })
  expect(distanceM).toBeCloseTo((Math.PI / 2) * WGS84.equatorialRadiusM, 6)
  expect(azimuthDeg).toBeCloseTo(90, 12)
})

test('near antipodes, where Vincenty does not converge', () => {
  const { distanceM } = geodesic({ latitude: 0, longitude: 0 }, { latitude: 0.5, longitude: 179.7 })
  expect(distanceM).toBeCloseTo(19_944_127.421, 2)
})

test('on a sphere it is the great circle', () => {
  const [tokyo, london] = [
    { latitude: 35.65, longitude: 139.84 },
    { latitude: 51.51, longitude: -0.13 },
  ]
  const sphere = { equatorialRadiusM: 6_371_008.8, inverseFlattening: Number.POSITIVE_INFINITY }
  expect(geodesic(tokyo, london, sphere).distanceM).toBeCloseTo(haversineM(tokyo, london), 3)
})

test('half round the sphere, and nowhere', () => {
  const [here, there] = [
    { latitude: 0, longitude: 0 },
    { latitude: 0, longitude: 180 },
  ]
  expect(haversineM(here, there)).toBeCloseTo(Math.PI * 6_371_008.8, 3)
  expect(haversineM(here, here)).toBe(0)
  expect(geodesic(here, here).distanceM).toBe(0)
})

const place: fc.Arbitrary<Coordinates> = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})

test('there and back are equally far; a detour is never shorter; the sphere is near', () => {
  fc.assert(
    fc.property(place, place, place, (a, b, c) => {
      const distance = geodesic(a, b).distanceM
      expect(distance).toBeGreaterThanOrEqual(0)
      expect(distance).toBeLessThan(20_003_932)
      expect(Math.abs(distance - geodesic(b, a).distanceM)).toBeLessThan(1e-6)
      expect(distance).toBeLessThanOrEqual(geodesic(a, c).distanceM + geodesic(c, b).distanceM + 1e-6)
      expect(Math.abs(distance - haversineM(a, b))).toBeLessThanOrEqual(0.0057 * distance + 1e-6)
    }),
  )
})

test('the direction is one of the compass', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const { azimuthDeg } = geodesic(a, b)
      expect(azimuthDeg).toBeGreaterThanOrEqual(0)
      expect(azimuthDeg).toBeLessThan(360.000001)
    }),
  )
})
