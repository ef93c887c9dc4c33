import type { RequestInfo } from './cluster.interface.ts'
import type { ApiName, RequestBody } from './wire/index.ts'

/** A request of this api, with its body by the table of the wire. */
export type RequestInfoOf<Api extends ApiName> = RequestInfo & {
  readonly api: Api
  readonly body: RequestBody<Api>
}

/** Whether the request is of this api: the codec read its body by the table of that name. */
export function isRequestOf<Api extends ApiName>(
  request: RequestInfo,
  api: Api,
): request is RequestInfoOf<Api> {
  return request.api === api
}
