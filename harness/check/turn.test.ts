import { expect, it } from 'vitest'
import { baseSchedule } from '../search/arbitrary.ts'
import { fakeScenario } from '../search/testing/fake-scenario.ts'
import { oneRunAtATime } from './turn.ts'

it('runs of a scenario are one at a time, and one that fails holds up none', async () => {
  const fake = fakeScenario()
  let [now, most, begun] = [0, 0, 0]
  const scenario = oneRunAtATime({
    ...fake,
    async run(schedule, options) {
      begun += 1
      now += 1
      most = Math.max(most, now)
      if (begun === 1) await Promise.reject(new Error('the first fails')).finally(() => (now -= 1))
      return await fake.run(schedule, options).finally(() => (now -= 1))
    },
  })
  const schedule = baseSchedule(fake, '1')
  const ended = await Promise.allSettled([1, 2, 3].map(() => scenario.run(schedule)))
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(most).toBe(1)
})
