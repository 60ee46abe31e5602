/** How far it is: the shortest way over the ellipsoid (exact, also between antipodes) and over a sphere (for comparison). */
import geographiclib from 'geographiclib-geodesic'

/** Degrees, north and east positive. */
export interface Coordinates {
  readonly latitude: number
  readonly longitude: number
}

export interface Ellipsoid {
  readonly equatorialRadiusM: number
  readonly inverseFlattening: number
}

export const WGS84: Ellipsoid = { equatorialRadiusM: 6_378_137, inverseFlattening: 298.257223563 }
export const GRS80: Ellipsoid = { equatorialRadiusM: 6_378_137, inverseFlattening: 298.257222101 }

export interface GeodesicLine {
  readonly distanceM: number
  /** Direction at the start, degrees clockwise from north, 0 to 360. */
  readonly azimuthDeg: number
}

/** Karney 2013, "Algorithms for geodesics" (GeographicLib): 15 nm, always converges. Tens of microseconds: for boot. */
export function geodesic(from: Coordinates, to: Coordinates, ellipsoid: Ellipsoid = WGS84): GeodesicLine {
  const { equatorialRadiusM, inverseFlattening } = ellipsoid
  const { Geodesic } = geographiclib
  const line = new Geodesic.Geodesic(equatorialRadiusM, 1 / inverseFlattening).Inverse(
    from.latitude,
    from.longitude,
    to.latitude,
    to.longitude,
    Geodesic.STANDARD,
  )
  return { distanceM: line.s12 ?? Number.NaN, azimuthDeg: ((line.azi1 ?? Number.NaN) + 360) % 360 }
}

/** IUGG mean radius R1. */
export const EARTH_RADIUS_M = 6_371_008.8

/** Great circle over a sphere of the mean radius, metres: within 0.56 % of the geodesic. Sinnott 1984, "Virtues of the haversine". */
export function haversineM(from: Coordinates, to: Coordinates): number {
  const [latitudeFrom, latitudeTo] = [radians(from.latitude), radians(to.latitude)]
  const halfLatitude = Math.sin((latitudeTo - latitudeFrom) / 2)
  const halfLongitude = Math.sin(radians(to.longitude - from.longitude) / 2)
  const chord = halfLatitude ** 2 + Math.cos(latitudeFrom) * Math.cos(latitudeTo) * halfLongitude ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, chord)))
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}
