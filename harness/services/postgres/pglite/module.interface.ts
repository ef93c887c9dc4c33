/**
 * The parts of PGlite's WASM module that an exact restore reaches into. They are internals of
 * Emscripten: PGlite's version is pinned, and `verified` in `boot.ts` tries them before anything is
 * believed.
 */
export interface WasmModule {
  readonly HEAPU8: Uint8Array
  readonly ___stack_pointer: { value: number }
  readonly FS: MemoryFiles
}

export type FileBytes = Uint8Array | Int8Array

export interface FileNode {
  id: number
  name: string
  parent: FileNode
  mode: number
  usedBytes: number
  name_next: FileNode | undefined
  /** Bytes of a file, or the children of a folder. */
  contents: FileBytes | Record<string, FileNode> | null | undefined
  readonly stream_ops: { write(stream: OpenFile, ...rest: unknown[]): unknown }
  readonly node_ops: FileCalls
}

export type FolderCall = (...given: readonly unknown[]) => unknown

export interface FileCalls {
  setattr(node: FileNode, attributes: { readonly size?: number }): unknown
  mknod: FolderCall
  rename: FolderCall
  unlink: FolderCall
  rmdir: FolderCall
  symlink: FolderCall
}

export interface OpenFile {
  fd: number | null
  position: number
  flags: number
  node: FileNode
}

export interface MemoryFiles {
  readonly root: FileNode
  readonly nameTable: (FileNode | undefined)[]
  readonly streams: (OpenFile | null)[]
  isDir(mode: number): boolean
  lookupPath(path: string): { readonly node: FileNode }
  unlink(path: string): void
  createDevice(folder: string, name: string, input: () => number): void
}
