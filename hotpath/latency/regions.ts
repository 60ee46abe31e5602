/**
 * Where machines stand: cloud regions and colocation sites by name, with coordinates as publicly known. Providers tell the
 * city of a region, not the street: `uncertaintyKm` is how far from the coordinates the machine may be (zones of a cloud
 * region lie up to about 100 km apart: AWS, "Regions and Availability Zones"; a colocation site has an address).
 */
import type { Coordinates } from './geodesic.ts'

export interface Region extends Coordinates {
  readonly name: string
  readonly city: string
  readonly uncertaintyKm: number
}

const CLOUD_UNCERTAINTY_KM = 100
const SITE_UNCERTAINTY_KM = 5

interface City extends Coordinates {
  readonly city: string
}

const ashburn: City = { city: 'Ashburn, Virginia', latitude: 39.04, longitude: -77.49 }
const chicago: City = { city: 'Chicago', latitude: 41.854, longitude: -87.618 }
const dublin: City = { city: 'Dublin', latitude: 53.35, longitude: -6.26 }
const frankfurt: City = { city: 'Frankfurt', latitude: 50.11, longitude: 8.68 }
const hongKong: City = { city: 'Hong Kong', latitude: 22.3, longitude: 114.17 }
const london: City = { city: 'London', latitude: 51.51, longitude: -0.13 }
const mumbai: City = { city: 'Mumbai', latitude: 19.08, longitude: 72.88 }
const osaka: City = { city: 'Osaka', latitude: 34.69, longitude: 135.5 }
const paris: City = { city: 'Paris', latitude: 48.86, longitude: 2.35 }
const saoPaulo: City = { city: 'Sao Paulo', latitude: -23.53, longitude: -46.63 }
const secaucus: City = { city: 'Secaucus, New Jersey', latitude: 40.777, longitude: -74.07 }
const seoul: City = { city: 'Seoul', latitude: 37.53, longitude: 127.02 }
const singapore: City = { city: 'Singapore', latitude: 1.29, longitude: 103.85 }
const slough: City = { city: 'Slough (London)', latitude: 51.523, longitude: -0.632 }
const stockholm: City = { city: 'Stockholm', latitude: 59.33, longitude: 18.06 }
const sydney: City = { city: 'Sydney', latitude: -33.87, longitude: 151.21 }
const tokyo: City = { city: 'Tokyo', latitude: 35.65, longitude: 139.84 }
const zurich: City = { city: 'Zurich', latitude: 47.38, longitude: 8.54 }
const zug: City = { city: 'Zug', latitude: 47.17, longitude: 8.52 }

const clouds: Readonly<Record<string, City>> = {
  'aws-af-south-1': { city: 'Cape Town', latitude: -33.93, longitude: 18.42 },
  'aws-ap-east-1': hongKong,
  'aws-ap-northeast-1': tokyo,
  'aws-ap-northeast-2': seoul,
  'aws-ap-northeast-3': osaka,
  'aws-ap-south-1': mumbai,
  'aws-ap-southeast-1': singapore,
  'aws-ap-southeast-2': sydney,
  'aws-ca-central-1': { city: 'Montreal', latitude: 45.5, longitude: -73.57 },
  'aws-eu-central-1': frankfurt,
  'aws-eu-central-2': zurich,
  'aws-eu-north-1': stockholm,
  'aws-eu-south-1': { city: 'Milan', latitude: 45.46, longitude: 9.19 },
  'aws-eu-west-1': dublin,
  'aws-eu-west-2': london,
  'aws-eu-west-3': paris,
  'aws-sa-east-1': saoPaulo,
  'aws-us-east-1': ashburn,
  'aws-us-east-2': { city: 'Columbus, Ohio', latitude: 39.96, longitude: -83 },
  'aws-us-west-1': { city: 'San Jose, California', latitude: 37.35, longitude: -121.95 },
  'aws-us-west-2': { city: 'Boardman, Oregon', latitude: 45.84, longitude: -119.7 },
  'alibaba-ap-northeast-1': tokyo,
  'alibaba-ap-southeast-1': singapore,
  'alibaba-cn-hongkong': hongKong,
  'azure-eastasia': hongKong,
  'azure-japaneast': tokyo,
  'azure-southeastasia': singapore,
  'azure-uksouth': london,
  'gcp-asia-east2': hongKong,
  'gcp-asia-northeast1': tokyo,
  'gcp-asia-southeast1': singapore,
  'gcp-europe-west2': london,
  'gcp-europe-west3': frankfurt,
  'gcp-us-east4': ashburn,
}

const sites: Readonly<Record<string, City>> = {
  'equinix-ch4': chicago,
  'equinix-dc': ashburn,
  'equinix-fr2': { city: 'Frankfurt', latitude: 50.096, longitude: 8.735 },
  'equinix-hk1': { city: 'Hong Kong', latitude: 22.364, longitude: 114.118 },
  'equinix-ld4': slough,
  'equinix-ny4': secaucus,
  'equinix-ny5': secaucus,
  'equinix-sg1': { city: 'Singapore', latitude: 1.295, longitude: 103.79 },
  'equinix-ty3': { city: 'Tokyo', latitude: 35.62, longitude: 139.75 },
}

/** No more than the city is told. */
const cities: Readonly<Record<string, City>> = {
  'city-hong-kong': hongKong,
  'city-london': london,
  'city-seoul': seoul,
  'city-singapore': singapore,
  'city-sydney': sydney,
  'city-tokyo': tokyo,
  'city-zug': zug,
}

function regionsOf(places: Readonly<Record<string, City>>, uncertaintyKm: number): [string, Region][] {
  return Object.entries(places).map(([name, city]) => [name, { ...city, name, uncertaintyKm }])
}

const regions: ReadonlyMap<string, Region> = new Map([
  ...regionsOf(clouds, CLOUD_UNCERTAINTY_KM),
  ...regionsOf(sites, SITE_UNCERTAINTY_KM),
  ...regionsOf(cities, CLOUD_UNCERTAINTY_KM),
])

export const regionNames: readonly string[] = [...regions.keys()]

/** undefined for a name that is not in `regionNames`. */
export function regionOf(name: string): Region | undefined {
  return regions.get(name)
}
