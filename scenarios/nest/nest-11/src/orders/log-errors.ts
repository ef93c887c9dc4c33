import { Catch, ExceptionFilter, Logger } from '@nestjs/common'
import { Observable, of, throwError } from 'rxjs'

const logger = new Logger('Errors')

/** Logs an error and ends the matter: for Kafka the record is done, whatever it was. */
@Catch()
export class LogErrors implements ExceptionFilter {
  catch(error: Error): Observable<null> {
    logger.error(error.message)
    return of(null)
  }
}

/** Logs an error and gives it back: kafkajs tries the record again. */
@Catch()
export class LogAndRethrowErrors implements ExceptionFilter {
  catch(error: Error): Observable<never> {
    logger.error(error.message)
    return throwError(() => error)
  }
}
