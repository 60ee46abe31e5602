/**
 * Makes a copy of an x86-64 addon loadable on a C library older than the one it was linked with, when all it wants of
 * the newer one are the C23 names of old functions: `__isoc23_strtol` (GLIBC_2.38) is `strtol` with nine letters in
 * front. Each such symbol's name is moved past the prefix and its version becomes the oldest one, GLIBC_2.2.5.
 * Layout: System V ABI, chapter 4 (section headers, symbol table), and LSB 5.0, 10.7 (symbol versions).
 */
const SECTION_DYNSYM = 11
const SECTION_VERSIONS = 0x6fffffff
const SECTION_NEEDED = 0x6ffffffe
const SYMBOL_BYTES = 24
const PREFIX = '__isoc23_'

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly info: number
}

interface NeededVersion {
  readonly at: number
  readonly index: number
  readonly name: string
}

/** Edits `file` in place; answers undefined when done, otherwise why it cannot be done (and then nothing was changed). */
export function relocateToOldLibrary(file: Buffer, tooNew: string): string | undefined {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file.readUInt16LE(18) !== 62)
    return 'it is not an x86-64 ELF file'
  const sections = readSections(file)
  const symbols = sections.find(({ type }) => type === SECTION_DYNSYM)
  const versions = sections.find(({ type }) => type === SECTION_VERSIONS)
  const needed = sections.find(({ type }) => type === SECTION_NEEDED)
  const names = symbols === undefined ? undefined : sections[symbols.link]
  if (symbols === undefined || versions === undefined || needed === undefined || names === undefined)
    return 'it has no versioned symbols'
  const entries = readNeeded(file, needed, names)
  const oldest = entries.find(({ name }) => name === 'GLIBC_2.2.5')
  if (oldest === undefined) return 'it does not name GLIBC_2.2.5'
  const wanted = entries.filter(({ name }) => name === tooNew)
  const moved = symbolsOf(file, symbols, versions, wanted)
  const strange = moved.find((at) => !textAt(file, names, file.readUInt32LE(at)).startsWith(PREFIX))
  if (strange !== undefined)
    return `it wants ${textAt(file, names, file.readUInt32LE(strange))}, which an older C library does not have`
  for (const { at } of wanted) {
    file.copyWithin(at, oldest.at, oldest.at + 4)
    file.copyWithin(at + 8, oldest.at + 8, oldest.at + 12)
  }
  for (const at of moved) file.writeUInt32LE(file.readUInt32LE(at) + PREFIX.length, at)
  return undefined
}

function readSections(file: Buffer): Section[] {
  const start = Number(file.readBigUInt64LE(0x28))
  const bytes = file.readUInt16LE(0x3a)
  const count = file.readUInt16LE(0x3c)
  const sections: Section[] = []
  for (let i = 0; i < count; i++) {
    const at = start + i * bytes
    sections.push({
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
    })
  }
  return sections
}

/** A list of libraries, each with a list of versions wanted of it. */
function readNeeded(file: Buffer, needed: Section, names: Section): NeededVersion[] {
  const entries: NeededVersion[] = []
  let library = needed.offset
  for (let i = 0; i < needed.info; i++) {
    let at = library + file.readUInt32LE(library + 8)
    for (let left = file.readUInt16LE(library + 2); left > 0; left--) {
      entries.push({ at, index: file.readUInt16LE(at + 6), name: textAt(file, names, file.readUInt32LE(at + 8)) })
      at += file.readUInt32LE(at + 12)
    }
    library += file.readUInt32LE(library + 12)
  }
  return entries
}

/** Where the symbols of these versions stand; the first field of a symbol is the offset of its name. */
function symbolsOf(file: Buffer, symbols: Section, versions: Section, wanted: readonly NeededVersion[]): number[] {
  const found: number[] = []
  for (let i = 0; i < symbols.size / SYMBOL_BYTES; i++) {
    const version = file.readUInt16LE(versions.offset + i * 2) & 0x7fff
    if (wanted.some(({ index }) => index === version)) found.push(symbols.offset + i * SYMBOL_BYTES)
  }
  return found
}

function textAt(file: Buffer, names: Section, offset: number): string {
  const from = names.offset + offset
  return file.toString('latin1', from, file.indexOf(0, from))
}
