import { onLink } from './link.ts'
import type { Translation } from './world.interface.ts'

export const linkLatency: Translation<'link-latency'> = {
  kind: 'link-latency',
  grade: 'exact',
  means: 'a latency in Toxiproxy, from the next message on',
  begin: ({ target, extraMs }, { links }) => onLink(target, ({ from, to }) => links.slow(from, to, extraMs)),
}
