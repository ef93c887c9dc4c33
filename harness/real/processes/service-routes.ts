import { Socket } from 'node:net'

/** The host and port of a connection, as Node's own forms of `connect` give them. */
interface RoutedTarget {
  readonly host?: string | undefined
  readonly port?: number | string | undefined
}

/**
 * From here on connections to these addresses (`db:5432`) go to ports of 127.0.0.1: the app finds
 * the scenario's services under their names, as in a simulation.
 */
export function routeServices(routes: Readonly<Record<string, number>>): void {
  if (Object.keys(routes).length === 0) return
  const routed = <Target extends RoutedTarget>(target: Target): Target => {
    const port = routes[`${target.host}:${target.port}`]
    return port === undefined ? target : { ...target, host: '127.0.0.1', port }
  }
  const connect = Socket.prototype.connect
  Socket.prototype.connect = function connectRouted(this: Socket, ...given: unknown[]): Socket {
    const [first, second, ...others] = given
    if (Array.isArray(first)) first[0] = routed(first[0])
    else if (typeof first === 'object' && first !== null)
      return Reflect.apply(connect, this, [routed(first), second, ...others])
    else if (typeof second === 'string') {
      const { host, port } = routed({ host: second, port: Number(first) })
      return Reflect.apply(connect, this, [port, host, ...others])
    }
    return Reflect.apply(connect, this, given)
  }
}
