import net from 'node:net'

/** A connection to a broker of a served cluster: `127.0.0.1:9092`. */
export async function openSocket(address: string): Promise<net.Socket> {
  const { hostname, port } = new URL(`kafka://${address}`)
  const socket = net.connect(Number(port), hostname)
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}
