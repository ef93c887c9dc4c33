declare module 'seedrandom/lib/alea.js' {
  /** Johannes Baagøe's Alea generator, as shipped by seedrandom; cheap to create, unlike its ARC4. */
  export default function alea(seed: string): { int32(): number }
}
