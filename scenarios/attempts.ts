/** Tries `work` up to three times, and says whether it succeeded. */
export async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      await work()
      return true
    } catch (error) {
      console.error(`attempt ${attempt} failed`, error)
    }
  }
  return false
}
