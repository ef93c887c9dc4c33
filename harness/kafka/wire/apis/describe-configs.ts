import type { ApiSchema } from '../schema.ts'

/**
 * DescribeConfigs (32), versions 0 to 4, flexible from 4.
 * Reads configuration. KIP-133.
 */
export const describeConfigs = {
  name: 'DescribeConfigs',
  key: 32,
  min: 0,
  max: 4,
  flexibleFrom: 4,
  request: `
    resources [] 0+
      resourceType int8 0+
      resourceName string 0+
      configurationKeys []string 0+ null:0+
    includeSynonyms bool 1+ =false
    includeDocumentation bool 3+ =false
  `,
  response: `
    throttleTimeMs int32 0+
    results [] 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
      resourceType int8 0+
      resourceName string 0+
      configs [] 0+
        name string 0+
        value string 0+ null:0+
        readOnly bool 0+
        isDefault bool 0
        configSource int8 1+ =-1
        isSensitive bool 0+
        synonyms [] 1+
          name string 1+
          value string 1+ null:0+
          source int8 1+
        configType int8 3+ =0
        documentation string 3+ null:0+
  `,
} as const satisfies ApiSchema
