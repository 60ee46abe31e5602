/** The layout as the drawing says it, and what is not such a frame. */
import { expect, test } from 'vitest'
import {
  beginReportFrame,
  isReportFrame,
  REPORT_FRAME_BYTES,
  ReportField,
  ReportKind,
} from '../../../../shared/wire/report-frame.ts'

test('fields rise without overlap to the end of the frame', () => {
  const offsets = Object.values(ReportField)
  expect(offsets.toSorted((a, b) => a - b)).toEqual(offsets)
  expect(new Set(offsets).size).toBe(offsets.length)
  expect(ReportField.reservedEnd + 4).toBe(REPORT_FRAME_BYTES)
  const wide = offsets.filter((offset) => offset >= ReportField.orderId && offset <= ReportField.clientId)
  expect(wide.every((offset, at) => offset === ReportField.orderId + at * 8)).toBe(true)
})

test('a frame is recognised by version and length', () => {
  const view = new DataView(new ArrayBuffer(REPORT_FRAME_BYTES))
  expect(isReportFrame(view)).toBe(false)
  beginReportFrame(view, ReportKind.pong, 4)
  expect(isReportFrame(view)).toBe(true)
  expect(view.getInt16(ReportField.venue, true)).toBe(-1)
  view.setUint8(ReportField.version, 2)
  expect(isReportFrame(view)).toBe(false)
  expect(isReportFrame(new DataView(new ArrayBuffer(REPORT_FRAME_BYTES - 1)))).toBe(false)
})
