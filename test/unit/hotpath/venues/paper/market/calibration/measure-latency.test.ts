import { expect, test } from 'vitest'
import { measureCreates } from '../../../../../../../hotpath/venues/paper/market/calibration/measure-latency.ts'

test('only creates that came back count', () => {
  const text = [
    'Timestamp,Order_ID,Status',
    '1000,a,PENDING_CREATE',
    '1040,a,CREATED',
    '2000,a,PENDING_CANCEL',
    '2500,a,CANCELED',
    '3000,b,PENDING_CREATE',
    '3060,b,CREATED',
    '4000,c,PENDING_CREATE',
    '5000,d,CREATED',
  ].join('\n')
  expect(measureCreates([text])).toEqual({ medianMs: 60, p99Ms: 60, samples: 2 })
})
