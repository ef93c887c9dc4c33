/**
 * After the named event has been recorded (`core/names.ts`), or at a virtual time since the start
 * of the run.
 */
export type Moment = { readonly event: string } | { readonly atMs: number }
