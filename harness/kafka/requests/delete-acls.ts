import { code, servedAtOnce } from './handler.ts'

/** DeleteAcls (31), versions 0 to 3 (KIP-140, KIP-290): all that a filter matches; SECURITY_DISABLED where brokers ask nobody. */
export const deleteAcls = servedAtOnce('DeleteAcls', {
  min: 0,
  max: 3,
  apply: ({ cluster, body }) => ({
    filterResults: body.filters.map((filter) => {
      const { authorizer } = cluster
      if (authorizer === null) {
        const errorMessage = 'No Authorizer is configured.'
        return { errorCode: code('SECURITY_DISABLED'), errorMessage, matchingAcls: [] }
      }
      const matchingAcls = authorizer
        .remove(filter)
        .map((acl) => ({ ...acl, errorCode: 0, errorMessage: null }))
      return { errorCode: 0, errorMessage: null, matchingAcls }
    }),
  }),
  refuse: ({ body }, errorCode) => ({
    filterResults: body.filters.map(() => ({ errorCode, errorMessage: null, matchingAcls: [] })),
  }),
})
