import { describe, expect, test } from 'vitest'
import { Delivery, type VenueAnswer } from '../../../../../hotpath/venues/door/venue-doors.ts'
import { EmulatorDoors } from '../../../../../hotpath/venues/emulator/emulator-doors.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'
import { EmulatorWorld } from './emulator-world.ts'

const ORIGIN = 'https://api.binance.com'

function openDoors() {
  const world = new EmulatorWorld()
  const doors = new EmulatorDoors([{ origin: ORIGIN, emulator: world.emulator }], 5 * NS_PER_MS)
  const answers: VenueAnswer[] = []
  const ask = (path: string, timeoutMs = 100): void =>
    doors.send({ method: 'GET', url: `${ORIGIN}${path}`, headers: {}, body: '', timeoutMs }, (one) => answers.push(one))
  return { world, doors, answers, ask, at: (ms: number) => doors.work((ms * NS_PER_MS) as MonoNs) }
}

describe('doors onto an emulator under a virtual clock', () => {
  test('an answer takes the way there and back', () => {
    const { answers, ask, at } = openDoors()
    at(10)
    ask('/api/v3/ping')
    at(19)
    expect(answers).toEqual([])
    at(20)
    expect(answers).toMatchObject([{ delivery: Delivery.answered, status: 200, body: '{}' }])
  })

  test('cut before it leaves: not sent; cut on the way, dropped or too late: lost after the time-out', () => {
    const { world, doors, answers, ask, at } = openDoors()
    at(10)
    ask('/api/v3/ping')
    doors.cut()
    ask('/api/v3/time')
    at(100)
    doors.mend()
    world.faults.dropAnswers(1)
    ask('/api/v3/ping')
    at(300)
    world.faults.answerDelayMs = 200
    ask('/api/v3/ping')
    at(500)
    expect(answers.map(({ delivery }) => delivery)).toEqual([
      Delivery.notSent,
      Delivery.lost,
      Delivery.lost,
      Delivery.lost,
    ])
  })

  test('a broken front end hides what was executed', () => {
    const { world, answers, ask, at } = openDoors()
    world.faults.failAnswers(1, 'GET /api/v3/ping')
    ask('/api/v3/ping')
    at(20)
    expect(answers).toMatchObject([{ delivery: Delivery.answered, status: 502 }])
  })

  test('a socket opens, speaks, and is cut once', () => {
    const { world, doors, at } = openDoors()
    const told: string[] = []
    const socket = doors.open(
      `${ORIGIN}/ws`,
      {},
      {
        onOpen: () => told.push('open'),
        onMessage: (bytes) => told.push(new TextDecoder().decode(bytes)),
        onClose: (reason) => told.push(reason),
      },
    )
    expect(socket.send('too early')).toBe(false)
    at(10)
    expect(socket.send('{"method":"SUBSCRIBE","params":[],"id":1}')).toBe(true)
    at(20)
    expect(told).toEqual(['open', '{"result":null,"id":1}'])
    expect(world.faults.disconnectSockets()).toBe(1)
    doors.cut()
    at(30)
    expect(told.slice(2)).toEqual(['closed by the venue'])
    expect(socket.send('{}')).toBe(false)
  })
})
