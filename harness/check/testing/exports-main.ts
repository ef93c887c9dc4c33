export const configured = (): boolean => true

export async function main(): Promise<void> {
  throw new Error('was called')
}
