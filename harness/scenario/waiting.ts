/** The function as it is, and how many of its calls have not ended. */
export function waitingCounted<Given extends readonly unknown[], Answer>(
  called: (...given: Given) => Answer,
): { run(...given: Given): Answer; readonly waiting: number } {
  let waiting = 0
  const ended = (): void => {
    waiting -= 1
  }
  return {
    run(...given) {
      const answer = called(...given)
      if (answer instanceof Promise) {
        waiting += 1
        answer.then(ended, ended)
      }
      return answer
    },
    get waiting() {
      return waiting
    },
  }
}
