import type { FileBytes, FileNode, MemoryFiles, OpenFile, WasmModule } from './module.interface.ts'

/** Memory is looked at in blocks of this size. */
const BLOCK_BYTES = 16_384
/** So much memory in a row that is zero: nothing was used behind it. */
const UNUSED_BYTES = 4_194_304

/** Memory in a row that was not all zero. */
interface KeptSpan {
  readonly from: number
  readonly bytes: Uint8Array
}

interface KeptFile {
  readonly contents: FileBytes | null
  readonly usedBytes: number
}

/** A name in the table of names: the node, and what stands in it. */
type FileEntry = Pick<FileNode, 'parent' | 'name' | 'id'> & { readonly node: FileNode }

interface KeptStream extends Pick<OpenFile, 'position' | 'flags' | 'node'> {
  readonly stream: OpenFile
}

/** Calls of a folder's that make, move or remove a file. */
const RENAMING = ['mknod', 'rename', 'unlink', 'rmdir', 'symlink'] as const

/**
 * All memory and files of a WASM program at one moment, and the way back to it: sequences,
 * transaction ids, caches, tables and their files are all as they were. More than half of the
 * memory is zero and looked at only; files are written back in their place; names are put back
 * where a file was made or removed.
 */
export class Image {
  readonly #module: WasmModule
  readonly #spans: readonly KeptSpan[]
  readonly #stack: number
  readonly #folders: ReadonlyMap<FileNode, Record<string, FileNode>>
  readonly #names: readonly (readonly FileEntry[])[]
  readonly #streams: readonly (KeptStream | null)[]
  /** Files that were ever written to, as they were; those of the image only stay. */
  readonly #kept: WeakMap<FileNode, KeptFile> = new WeakMap()
  readonly #written: Set<FileNode> = new Set()
  #renamed = false

  constructor(module: WasmModule) {
    const { FS } = module
    this.#module = module
    this.#spans = spansOf(module.HEAPU8)
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
    this.#watchFolders()
  }

  restore(): void {
    this.#restoreMemory()
    for (const node of this.#written) this.#restoreFile(node)
    this.#written.clear()
    if (this.#renamed) this.#restoreNames()
    this.#renamed = false
    const { FS } = this.#module
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

  #restoreMemory(): void {
    const { HEAPU8: heap } = this.#module
    let at = 0
    for (const { from, bytes } of this.#spans) {
      clear(heap, at, from)
      heap.set(bytes, from)
      at = from + bytes.length
    }
    clearUsed(heap, at)
    this.#module.___stack_pointer.value = this.#stack
  }

  #restoreFile(node: FileNode): void {
    const kept = this.#kept.get(node)
    if (kept === undefined) return
    const { contents, usedBytes: used } = kept
    const { contents: live } = node
    if (contents !== null && isBytes(live) && live.length >= used) {
      live.set(contents)
      // A write behind the end takes what lies between for zero.
      live.fill(0, used)
    } else node.contents = contents === null ? null : contents.slice()
    node.usedBytes = used
  }

  #restoreNames(): void {
    const { FS } = this.#module
    for (const [node, children] of this.#folders) node.contents = { ...children }
    this.#names.forEach((chain, hash) => {
      FS.nameTable[hash] = chain[0]?.node
      chain.forEach(({ node, parent, name, id }, index) => {
        Object.assign(node, { parent, name, id, name_next: chain[index + 1]?.node })
      })
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

  /** All folders share their functions. */
  #watchFolders(): void {
    const { node_ops: nodes } = this.#module.FS.lookupPath('/pglite/data').node
    for (const name of RENAMING) {
      const { [name]: call } = nodes
      nodes[name] = (...given) => {
        this.#renamed = true
        return call(...given)
      }
    }
  }

  #keep(node: FileNode): void {
    const { contents, usedBytes: used } = node
    if (this.#written.has(node) || contents === undefined) return
    this.#written.add(node)
    if (this.#kept.has(node)) return
    // A file that was written at one go holds signed bytes, as the heap has them.
    const bytes = isBytes(contents) ? contents.slice(0, used) : null
    this.#kept.set(node, { contents: bytes, usedBytes: used })
  }
}

function isBytes(contents: FileNode['contents']): contents is FileBytes {
  return ArrayBuffer.isView(contents)
}

function spansOf(heap: Uint8Array): readonly KeptSpan[] {
  const spans: KeptSpan[] = []
  let from: number | null = null
  for (let at = 0; at <= heap.length; at += BLOCK_BYTES) {
    const used = at < heap.length && !isZero(heap.subarray(at, at + BLOCK_BYTES))
    if (used) from ??= at
    else if (from !== null) {
      spans.push({ from, bytes: heap.slice(from, at) })
      from = null
    }
  }
  return spans
}

/** Zeroes these blocks where they are not. */
function clear(heap: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += BLOCK_BYTES) {
    const block = heap.subarray(at, at + BLOCK_BYTES)
    if (!isZero(block)) block.fill(0)
  }
}

/** Zeroes what has been used behind this place since. */
function clearUsed(heap: Uint8Array, from: number): void {
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
