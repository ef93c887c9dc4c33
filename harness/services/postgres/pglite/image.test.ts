import { expect, it } from 'vitest'
import { Image } from './image.ts'
import type { FileNode, WasmModule } from './module.interface.ts'

const BLOCK = 16_384
const BLOCKS = 8

/** A folder with one file, and memory whose blocks 1 and 3 are used. */
function moduleWith(text: string): { readonly module: WasmModule; readonly file: FileNode } {
  const heap = new Uint8Array(BLOCK * BLOCKS)
  heap[BLOCK] = 1
  heap[3 * BLOCK] = 3
  const nothing = (): void => {}
  const calls = { mknod: nothing, rename: nothing, unlink: nothing, rmdir: nothing, symlink: nothing }
  const fileCalls = {
    stream_ops: {
      write: (stream: { node: FileNode }, bytes: unknown, at: unknown) => {
        ;(stream.node.contents as Uint8Array).set(bytes as Uint8Array, at as number)
        stream.node.usedBytes = Math.max(stream.node.usedBytes, Number(at) + (bytes as Uint8Array).length)
      },
    },
    node_ops: {
      ...calls,
      setattr: (node: FileNode, { size = 0 }: { readonly size?: number }) => {
        node.contents = (node.contents as Uint8Array).slice(0, size)
        node.usedBytes = size
      },
    },
  }
  const folder = { id: 1, name: '/', mode: 1, contents: {}, ...fileCalls } as unknown as FileNode
  const contents = new Uint8Array(16)
  contents.set(Buffer.from(text))
  const file = {
    ...{ id: 2, name: 'file', mode: 0, parent: folder, contents, usedBytes: text.length },
    ...fileCalls,
  } as unknown as FileNode
  folder.contents = { file }
  const FS = {
    ...{
      root: folder,
      nameTable: [folder, file],
      streams: [null, { fd: 1, position: 0, flags: 0, node: file }],
    },
    isDir: (mode: number) => mode === 1,
    lookupPath: (path: string) => ({
      node: path.endsWith('data') ? { ...folder, node_ops: { ...calls } } : file,
    }),
  }
  const module = { HEAPU8: heap, ___stack_pointer: { value: 7 }, FS } as unknown as WasmModule
  return { module, file }
}

const text = ({ contents, usedBytes }: FileNode): string =>
  Buffer.from(contents as Uint8Array).toString('latin1', 0, usedBytes)

it('all memory is as it was: what was used, what lay between, and what lay behind', () => {
  const { module } = moduleWith('as it was')
  const before = Buffer.from(module.HEAPU8)
  const image = new Image(module)
  for (let block = 0; block < BLOCKS; block += 1) module.HEAPU8.fill(9, block * BLOCK + 5, block * BLOCK + 9)
  module.___stack_pointer.value = 1
  image.restore()
  expect(Buffer.compare(before, Buffer.from(module.HEAPU8))).toBe(0)
  expect(module.___stack_pointer.value).toBe(7)
})

it.each<[string, (file: FileNode) => void]>([
  ['written to', (file) => void file.stream_ops.write({ node: file } as never, Buffer.from('XY'), 0)],
  ['grown', (file) => void file.stream_ops.write({ node: file } as never, Buffer.from('XY'), 12)],
  ['cut', (file) => void file.node_ops.setattr(file, { size: 2 })],
])('a file that was %s has its bytes again, and zero behind them, twice', (_, change) => {
  const { module, file } = moduleWith('as it was')
  const image = new Image(module)
  for (const _again of [1, 2]) {
    change(file)
    expect(text(file)).not.toBe('as it was')
    image.restore()
    expect(text(file)).toBe('as it was')
    expect([...(file.contents as Uint8Array).subarray(file.usedBytes)].filter((byte) => byte !== 0)).toEqual(
      [],
    )
  }
})
