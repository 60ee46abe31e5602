/**
 * The way to a venue, hop by hop, with the tool this machine has; where there is none, or it may not, that is said and
 * recorded samples have to do. The caller brings what starts a program.
 */
import { type Hop, parseTraceroute } from './hop-analysis.ts'

/** What a program printed, up to `timeoutMs`; undefined when it is not here or may not run. Never rejects. */
export type ProgramRunner = (
  program: string,
  words: readonly string[],
  timeoutMs: number,
) => Promise<string | undefined>

export type HopProbe =
  | { readonly ok: true; readonly program: string; readonly hops: readonly Hop[] }
  | { readonly ok: false; readonly reason: string }

interface ProbeProgram {
  readonly program: string
  words(target: string): readonly string[]
}

/** Without names: a name server would be asked about every router. The first that works answers. */
const programs: readonly ProbeProgram[] = [
  { program: 'traceroute', words: (target) => ['-n', '-q', '3', '-w', '1', '-m', '30', target] },
  { program: 'tracepath', words: (target) => ['-n', '-m', '30', target] },
  { program: 'mtr', words: (target) => ['--report', '--no-dns', '--report-cycles', '3', target] },
]

/** `target`: a host name or address; anything else (an option, say) is refused. The longest of the programs takes `timeoutMs` each. */
export async function probeHops(target: string, run: ProgramRunner, timeoutMs = 30_000): Promise<HopProbe> {
  if (!/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/.test(target)) {
    return { ok: false, reason: 'write a host name or an address' }
  }
  for (const { program, words } of programs) {
    const text = await run(program, words(target), timeoutMs)
    const hops = text === undefined ? [] : parseTraceroute(text)
    if (hops.some(({ answers }) => answers > 0)) return { ok: true, program, hops }
  }
  const names = programs.map(({ program }) => program)
  return { ok: false, reason: `no hop answered ${names.join(', ')} (missing, or not permitted): recorded samples only` }
}
