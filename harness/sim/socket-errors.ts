/** Errors of sockets, with the fields and words that Node gives them on Linux. */

const ERRNO = { ECONNREFUSED: -111, ECONNRESET: -104, EPIPE: -32, ETIMEDOUT: -110 } as const
export type SocketErrorCode = keyof typeof ERRNO

export function connectError(
  code: 'ECONNREFUSED' | 'ETIMEDOUT',
  address: string,
  port: number,
): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), {
    errno: ERRNO[code],
    code,
    syscall: 'connect',
    address,
    port,
  })
}

export function addressInUse(port: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`listen EADDRINUSE: address already in use 0.0.0.0:${port}`), {
    errno: -98,
    code: 'EADDRINUSE',
    syscall: 'listen',
    address: '0.0.0.0',
    port,
  })
}

export function systemError(syscall: 'read' | 'write', code: SocketErrorCode): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall} ${code}`), { errno: ERRNO[code], code, syscall })
}

/** The error of `write` after the far end has ended, and the socket with it. */
export function endedByOtherParty(): NodeJS.ErrnoException {
  return Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' })
}

export function writeAfterEnd(): NodeJS.ErrnoException {
  return Object.assign(new Error('write after end'), { code: 'ERR_STREAM_WRITE_AFTER_END' })
}

export function streamDestroyed(method: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`Cannot call ${method} after a stream was destroyed`), {
    code: 'ERR_STREAM_DESTROYED',
  })
}

export function invalidChunk(chunk: unknown): TypeError {
  const text = `The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${String(chunk)}`
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' })
}

export function socketClosed(): NodeJS.ErrnoException {
  return Object.assign(new Error('Socket is closed'), { code: 'ERR_SOCKET_CLOSED' })
}

/** As `dns.lookup` and `net.connect` fail for a host that does not exist. */
export function hostNotFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname: name,
  })
}
