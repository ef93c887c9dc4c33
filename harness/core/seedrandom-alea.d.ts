declare module 'seedrandom/lib/alea.js' {
  export interface AleaState {
    readonly c: number
    readonly s0: number
    readonly s1: number
    readonly s2: number
  }

  /**
   * Johannes Baagøe's Alea generator, as shipped by seedrandom; cheap to create, unlike its ARC4.
   */
  export default function alea(
    seed: string,
    options?: { readonly state: true | AleaState },
  ): {
    int32(): number
    /** Only with the option `state`. */
    state(): AleaState
  }
}
