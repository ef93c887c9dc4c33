import { onLink } from './link.ts'
import type { Translation } from './world.interface.ts'

export const linkRefuse: Translation<'link-refuse'> = {
  kind: 'link-refuse',
  grade: 'approximate',
  means: 'the proxy is disabled in Toxiproxy, which ends open connections too',
  begin: ({ target }, { links }) => onLink(target, ({ from, to }) => links.refuse(from, to)),
}
