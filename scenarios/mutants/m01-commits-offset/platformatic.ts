import { atMostOnce, defineScenario } from 'onceover'
import { couponMailer } from '../../platformatic/coupon-mailer.ts'

/**
 * Commits the record's own offset instead of the next one: a restart repeats the last record of
 * each partition.
 */
export default defineScenario({
  name: 'M01 on @platformatic/kafka: coupon mailer commits offset instead of offset + 1',
  topics: { coupons: { partitions: 1 } },
  records: { coupons: 4 },
  consumers: 2,
  guarantee: atMostOnce(),
  app: (context) => couponMailer(context, (offset) => offset),
})
