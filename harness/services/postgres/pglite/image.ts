import type { FileBytes, FileNode, MemoryFiles, OpenFile, WasmModule } from './module.interface.ts'

/** Blocks of this size are looked at when the end of used memory is sought. */
const BLOCK_BYTES = 65_536
/** So much memory in a row that is zero: nothing was used behind it. */
const UNUSED_BYTES = 4_194_304

interface KeptFile {
  readonly contents: FileBytes | null
  readonly usedBytes: number
}

/** A name in the table of names: the node, and what stands in it. */
type FileEntry = Pick<FileNode, 'parent' | 'name' | 'id'> & { readonly node: FileNode }

interface KeptStream extends Pick<OpenFile, 'position' | 'flags' | 'node'> {
  readonly stream: OpenFile
}

/**
 * All memory and files of a WASM program at one moment, and the way back to it: sequences,
 * transaction ids, caches, tables and their files are all as they were.
 */
export class Image {
  readonly #module: WasmModule
  readonly #heap: Uint8Array
  readonly #stack: number
  readonly #folders: ReadonlyMap<FileNode, Record<string, FileNode>>
  readonly #names: readonly (readonly FileEntry[])[]
  readonly #streams: readonly (KeptStream | null)[]
  /** Files that were written to since, as they were. */
  readonly #before: Map<FileNode, KeptFile> = new Map()

  constructor(module: WasmModule) {
    const { FS } = module
    this.#module = module
    this.#heap = module.HEAPU8.slice(0, usedBytes(module.HEAPU8))
    this.#stack = module.___stack_pointer.value
    this.#folders = foldersOf(FS)
    // Both tables are sparse, and `map` would leave out what was empty.
    this.#names = Array.from(FS.nameTable, chainOf)
    this.#streams = Array.from(FS.streams, (stream) => {
      if (stream == null) return null
      const { position, flags, node } = stream
      return { stream, position, flags, node }
    })
    this.#watchFiles()
  }

  restore(): void {
    const { HEAPU8: heap, FS } = this.#module
    heap.set(this.#heap)
    clear(heap, this.#heap.length)
    this.#module.___stack_pointer.value = this.#stack
    for (const [node, { contents, usedBytes: used }] of this.#before) {
      node.contents = contents
      node.usedBytes = used
    }
    this.#before.clear()
    for (const [node, children] of this.#folders) node.contents = { ...children }
    this.#names.forEach((chain, hash) => {
      FS.nameTable[hash] = chain[0]?.node
      chain.forEach(({ node, parent, name, id }, index) => {
        Object.assign(node, { parent, name, id, name_next: chain[index + 1]?.node })
      })
    })
    FS.streams.length = 0
    this.#streams.forEach((kept, fd) => {
      if (kept !== null) {
        const { stream, position, flags, node } = kept
        // One that was closed has no descriptor any more.
        Object.assign(stream, { fd, position, flags, node })
      }
      FS.streams[fd] = kept?.stream ?? null
    })
  }

  /** Keeps a file's bytes before it is written to or cut. All files share their functions. */
  #watchFiles(): void {
    const { stream_ops: streams, node_ops: nodes } =
      this.#module.FS.lookupPath('/pglite/data/PG_VERSION').node
    const { write } = streams
    streams.write = (stream, ...rest) => {
      this.#keep(stream.node)
      return write(stream, ...rest)
    }
    const { setattr } = nodes
    nodes.setattr = (node, attributes) => {
      if (attributes.size !== undefined) this.#keep(node)
      return setattr(node, attributes)
    }
  }

  #keep(node: FileNode): void {
    const { contents, usedBytes: used } = node
    if (this.#before.has(node) || contents === undefined) return
    // A file that was written at one go holds signed bytes, as the heap has them.
    const bytes = isBytes(contents) ? contents.slice(0, used) : null
    this.#before.set(node, { contents: bytes, usedBytes: used })
  }
}

function isBytes(contents: FileNode['contents']): contents is FileBytes {
  return ArrayBuffer.isView(contents)
}

function usedBytes(heap: Uint8Array): number {
  let end = heap.length
  while (end > 0 && isZero(heap.subarray(end - BLOCK_BYTES, end))) end -= BLOCK_BYTES
  return end
}

/** Zeroes what has been used behind this place since. */
function clear(heap: Uint8Array, from: number): void {
  let unused = 0
  for (let at = from; at < heap.length && unused < UNUSED_BYTES; at += BLOCK_BYTES) {
    const block = heap.subarray(at, at + BLOCK_BYTES)
    if (isZero(block)) unused += BLOCK_BYTES
    else {
      block.fill(0)
      unused = 0
    }
  }
}

const ZEROS = Buffer.alloc(BLOCK_BYTES)

function isZero(block: Uint8Array): boolean {
  return Buffer.compare(block, ZEROS.subarray(0, block.length)) === 0
}

function foldersOf(files: MemoryFiles): Map<FileNode, Record<string, FileNode>> {
  const folders = new Map<FileNode, Record<string, FileNode>>()
  const walk = (node: FileNode): void => {
    const { contents } = node
    if (!files.isDir(node.mode) || contents == null || isBytes(contents)) return
    folders.set(node, { ...contents })
    for (const child of Object.values(contents)) walk(child)
  }
  walk(files.root)
  return folders
}

function chainOf(first: FileNode | undefined): readonly FileEntry[] {
  const chain: FileEntry[] = []
  for (let node = first; node !== undefined; node = node.name_next) {
    const { parent, name, id } = node
    chain.push({ node, parent, name, id })
  }
  return chain
}
