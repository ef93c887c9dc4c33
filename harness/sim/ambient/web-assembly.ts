import { nativeWork } from './native-work.ts'
import { type AnyFunction, within } from './patch.ts'

/**
 * WebAssembly is compiled in threads of Node's own: virtual time stands still until it is done.
 */
export function patchWebAssembly(): void {
  const wasm = Reflect.get(globalThis, 'WebAssembly') as Record<string, AnyFunction>
  for (const name of ['compile', 'instantiate'])
    within(wasm, name, (process, args, real) =>
      nativeWork(process, () => real.apply(wasm, args) as PromiseLike<unknown>),
    )
  for (const name of ['compile', 'instantiate'])
    within(wasm, `${name}Streaming`, async (_process, [source, ...rest]) => {
      const response = (await source) as Response
      return wasm[name]?.(await response.arrayBuffer(), ...rest)
    })
}
