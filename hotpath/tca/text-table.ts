/** Columns of text that line up in a terminal, and the paint a terminal may have. */

/** How words are painted; `plain` paints nothing, and the terminal brings colours. */
export interface TextStyle {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

const asItIs = (text: string): string => text
export const plain: TextStyle = { bold: asItIs, dim: asItIs, good: asItIs, bad: asItIs }

export interface TextColumn {
  readonly head: string
  readonly align: 'left' | 'right'
}

const ESCAPE = String.fromCharCode(27)
const paintPattern = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g')

/** Width on the screen: paint does not count. */
export function visibleWidth(text: string): number {
  return text.replace(paintPattern, '').length
}

/** Text from outside without control characters, so that no name can move the cursor or repaint the screen. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?')
}

function padTo(text: string, width: number, align: TextColumn['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - visibleWidth(text)))
  return align === 'left' ? text + blanks : blanks + text
}

/** A line of heads and a line a row, two blanks between columns, no blanks at line ends. Cells may carry paint. */
export function renderTable(columns: readonly TextColumn[], rows: readonly string[][], style = plain): string[] {
  const widths = columns.map((column, at) =>
    rows.reduce((width, row) => Math.max(width, visibleWidth(row[at])), column.head.length),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => padTo(cell, widths[at], columns[at].align))
      .join('  ')
      .trimEnd()
  return [style.dim(line(columns.map((column) => column.head))), ...rows.map(line)]
}
