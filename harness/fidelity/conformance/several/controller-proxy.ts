import net from 'node:net'

/** Size, key, version and correlation id of a request; its client's id follows with its length. */
const HEADER_BYTES = 12
const LENGTH_BYTES = 2

/**
 * The controller's address as brokers see it, so that one of them can be cut off from it. A
 * connection's broker shows in the client id of the first request, which ends with the broker's id.
 */
export class ControllerProxy {
  readonly port: number
  readonly #server: net.Server
  readonly #controllerPort: number
  /** By broker, where that is known. */
  readonly #sockets: Map<net.Socket, number | null> = new Map()
  readonly #cut: Set<number> = new Set()

  private constructor(server: net.Server, port: number, controllerPort: number) {
    this.#server = server
    this.port = port
    this.#controllerPort = controllerPort
    server.on('connection', (socket) => this.#accept(socket))
  }

  static async start(controllerPort: number): Promise<ControllerProxy> {
    const server = net.createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return new ControllerProxy(server, (server.address() as net.AddressInfo).port, controllerPort)
  }

  /** The broker and the controller hear nothing of each other, or do again. */
  cut(broker: number, isCut: boolean): void {
    if (isCut) this.#cut.add(broker)
    else this.#cut.delete(broker)
    for (const [socket, from] of this.#sockets) if (isCut && from === broker) socket.destroy()
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets.keys()) socket.destroy()
    await closed
  }

  #accept(socket: net.Socket): void {
    this.#sockets.set(socket, null)
    let first = Buffer.alloc(0)
    const read = (bytes: Buffer): void => {
      first = Buffer.concat([first, bytes])
      const broker = brokerOf(first)
      if (broker === undefined) return
      socket.off('data', read)
      if (this.#cut.has(broker)) return void socket.destroy()
      this.#sockets.set(socket, broker)
      this.#join(socket, first)
    }
    socket.on('data', read)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
  }

  #join(socket: net.Socket, first: Buffer): void {
    const controller = net.connect(this.#controllerPort, '127.0.0.1')
    controller.on('error', () => controller.destroy())
    controller.on('close', () => socket.destroy())
    socket.on('close', () => controller.destroy())
    controller.write(first)
    socket.pipe(controller).pipe(socket)
  }
}

/** Undefined until the client's id is there. */
function brokerOf(bytes: Buffer): number | undefined {
  if (bytes.length < HEADER_BYTES + LENGTH_BYTES) return undefined
  const start = HEADER_BYTES + LENGTH_BYTES
  const end = start + Math.max(0, bytes.readInt16BE(HEADER_BYTES))
  if (bytes.length < end) return undefined
  const [id] = /\d+$/.exec(bytes.toString('utf8', start, end)) ?? []
  return id === undefined ? -1 : Number(id)
}
