import { once } from 'node:events'

/** Prints lines, and waits for a slow reader. */
export async function print(lines: string): Promise<void> {
  if (!process.stdout.write(lines)) await once(process.stdout, 'drain')
}

/** Ends the process when all that was printed has left, and not before. */
export function endAfter(work: Promise<unknown>): void {
  const end = (code: number) => (): void => void process.stdout.write('', () => process.exit(code))
  work.then(end(0), end(1))
}
