interface Instantiate {
  instantiate(module: unknown, imports: WasmImports | undefined, ...more: unknown[]): unknown
}

/** Functions and memory that a WASM program is given, by module and name. */
export type WasmImports = Record<string, Record<string, unknown>>

/**
 * Lets `change` replace what WASM programs are given that are instantiated while `work` runs: their
 * clock and their chance are imports.
 */
export async function withWasmImports<Made>(
  change: (imports: WasmImports) => void,
  work: () => Promise<Made>,
): Promise<Made> {
  const wasm = Reflect.get(globalThis, 'WebAssembly') as Instantiate
  const { instantiate } = wasm
  wasm.instantiate = (module, imports, ...more) => {
    if (imports !== undefined) change(imports)
    return instantiate.call(wasm, module, imports, ...more)
  }
  try {
    return await work()
  } finally {
    wasm.instantiate = instantiate
  }
}
