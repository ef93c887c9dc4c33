export async function main(): Promise<void> {
  throw new Error('was called')
}
