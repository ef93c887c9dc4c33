/** Five records at once, and five while the coordinator is away. */
export const records = Array.from({ length: 10 }, (_, index) => ({
  value: `order ${index}`,
  partition: 0,
  atMs: index < 5 ? 6_000 : 20_000,
}))
