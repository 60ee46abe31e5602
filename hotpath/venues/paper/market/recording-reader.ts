/**
 * Reads the parts of one recording, one block at a time and synchronously: a replay never waits for the disk longer
 * than a block of 32 kB takes, and its memory does not grow with the recording. Damage ends a part early and is said.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { readText } from './recorded-file.ts'
import { memberLength, unpackBlock } from './recording-block.ts'
import { BLOCK_BYTES, MEMBER_HEADER_BYTES } from './recording-layout.ts'

/** A recording that was unpacked or packed again by another tool is held whole. */
const PLAIN_BYTES_MAX = 536_870_912

/** Blocks of one file in turn, undefined after the last. */
export interface BlockReader {
  /** Why the file ended early, '' while it has not. */
  readonly early: string
  next(): string | undefined
  close(): void
}

/** Opens a file in our blocks, or any other gzip or plain text of the same lines. */
export async function openBlocks(path: string): Promise<BlockReader> {
  const file = openSync(path, 'r')
  const header = Buffer.alloc(MEMBER_HEADER_BYTES)
  readSync(file, header, 0, MEMBER_HEADER_BYTES, 0)
  if (memberLength(header) > 0) return new MemberReader(file)
  closeSync(file)
  const { text, early } = await readText(path, PLAIN_BYTES_MAX)
  return new TextReader(text, early)
}

class MemberReader implements BlockReader {
  early = ''
  readonly #header = Buffer.alloc(MEMBER_HEADER_BYTES)
  #file: number
  #at = 0

  constructor(file: number) {
    this.#file = file
  }

  next(): string | undefined {
    if (this.#file < 0) return undefined
    const got = readSync(this.#file, this.#header, 0, MEMBER_HEADER_BYTES, this.#at)
    if (got === 0) return this.#end('')
    const length = memberLength(this.#header.subarray(0, got))
    if (length < 0) return this.#end('cut or damaged in a block header')
    const member = Buffer.alloc(length)
    if (readSync(this.#file, member, 0, length, this.#at) < length) return this.#end('cut in its last block')
    const text = unpackBlock(member)
    if (text === undefined) return this.#end('a damaged block')
    this.#at += length
    return text
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file)
    this.#file = -1
  }

  #end(early: string): undefined {
    this.early = early
    this.close()
    return undefined
  }
}

/** Cuts a whole text into blocks of whole lines. */
class TextReader implements BlockReader {
  early: string
  readonly #text: string
  #at = 0

  constructor(text: string, early: string) {
    this.#text = text
    this.early = early
  }

  next(): string | undefined {
    if (this.#at >= this.#text.length) return undefined
    const end = this.#text.indexOf('\n', Math.min(this.#at + BLOCK_BYTES, this.#text.length))
    const to = end < 0 ? this.#text.length : end + 1
    const block = this.#text.slice(this.#at, to)
    this.#at = to
    return block
  }

  close(): void {
    this.#at = this.#text.length
  }
}
