/** A duration as a person reads it: `500 ms`, `1.5 s`. */
export function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`
}
