import type { EachMessagePayload } from 'kafkajs'
import type { AppContext } from 'onceover'
import { catchError, concatMap, defer, from, groupBy, map, mergeMap, of, Subject } from 'rxjs'
import { consume, effectOf } from './consume.ts'

interface Job {
  readonly payload: EachMessagePayload
  settle(error?: unknown): void
}

/** A stream of jobs, each partition in its turn and all partitions at once; a job that fails goes back to kafkajs. */
export default (context: AppContext) => {
  const jobs = new Subject<Job>()
  jobs
    .pipe(
      groupBy(({ payload }) => payload.partition),
      mergeMap((lane) =>
        lane.pipe(
          concatMap((job) =>
            defer(() => from(effectOf(context, job.payload))).pipe(
              map(() => ({ job, error: undefined as unknown })),
              catchError((error: unknown) => of({ job, error })),
            ),
          ),
        ),
      ),
    )
    .subscribe(({ job, error }) => job.settle(error))
  return consume(
    context,
    (payload) =>
      new Promise((resolve, reject) => {
        jobs.next({ payload, settle: (error) => (error === undefined ? resolve() : reject(error)) })
      }),
  )
}
