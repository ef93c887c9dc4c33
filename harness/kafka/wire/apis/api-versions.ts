import type { ApiSchema } from '../schema.ts'

/**
 * ApiVersions (18), versions 0 to 4, flexible from 3. Which requests a broker serves; the answer's
 * header is always version 0. KIP-35, KIP-511, KIP-584.
 */
export const apiVersions = {
  name: 'ApiVersions',
  key: 18,
  min: 0,
  max: 4,
  flexibleFrom: 3,
  request: `
    clientSoftwareName string 3+
    clientSoftwareVersion string 3+
  `,
  response: `
    errorCode int16 0+
    apiKeys [] 0+
      apiKey int16 0+
      minVersion int16 0+
      maxVersion int16 0+
    throttleTimeMs int32 1+
    supportedFeatures [] 3+ tag:0:3+
      name string 3+
      minVersion int16 3+
      maxVersion int16 3+
    finalizedFeaturesEpoch int64 3+ tag:1:3+ =-1
    finalizedFeatures [] 3+ tag:2:3+
      name string 3+
      maxVersionLevel int16 3+
      minVersionLevel int16 3+
    zkMigrationReady bool 3+ tag:3:3+ =false
  `,
} as const satisfies ApiSchema
