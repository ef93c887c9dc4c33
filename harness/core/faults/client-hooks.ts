/**
 * Ways into the work of an app that not every client has. `handler-call`: the client calls a
 * function of the app for each record or batch, and an error can be thrown in its place.
 */
export type ClientHook = 'handler-call'
