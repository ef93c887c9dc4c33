/** Consumers by remote control: the Java client and the poll loop, with the same operations. */
export interface RemoteConsumers {
  readonly name: string
  /**
   * @returns the result of the operation or the name of its exception, then ` | ` and the callbacks
   * that it made, as `ConsumerServer.java` prints them
   */
  call(consumer: string, operation: string, args?: readonly string[]): Promise<string>
  stop(): Promise<void>
}
