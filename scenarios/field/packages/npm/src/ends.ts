/** On SIGTERM the process ends by itself, with what the library has to end it. */
export function endOnSigterm(end: () => unknown): void {
  process.once('SIGTERM', () => {
    Promise.resolve(end()).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}
