import { onLink } from './link.ts'
import type { Translation } from './world.interface.ts'

export const linkCut: Translation<'link-cut'> = {
  kind: 'link-cut',
  grade: 'approximate',
  means:
    'a latency of an hour in Toxiproxy, taken away when it heals; connecting does not hang, the first answer does',
  begin: ({ target }, { links }) => onLink(target, ({ from, to }) => links.cut(from, to)),
}
