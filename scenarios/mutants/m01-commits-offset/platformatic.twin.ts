import { atMostOnce, defineScenario } from 'onceover'
import { couponMailer } from '../../platformatic/coupon-mailer.ts'

/** Commits the next offset, and mails only once that is acknowledged. */
export default defineScenario({
  name: 'M01 twin on @platformatic/kafka: coupon mailer commits the next offset',
  topics: { coupons: { partitions: 1 } },
  records: { coupons: 4 },
  consumers: 2,
  guarantee: atMostOnce(),
  app: (context) => couponMailer(context, (offset) => offset + 1n),
})
