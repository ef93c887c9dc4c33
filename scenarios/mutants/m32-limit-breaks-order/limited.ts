/**
 * Works on all, on so many at a time, as p-limit does; rejects once all have ended, if one failed.
 */
export async function limited<Each>(
  atATime: number,
  all: readonly Each[],
  work: (each: Each) => Promise<void>,
): Promise<void> {
  const waiting = [...all]
  const workers = Array.from({ length: atATime }, async () => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) await work(each)
  })
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
