import Module from 'node:module'
import { fileURLToPath } from 'node:url'
import { FreshPackages } from '../fresh-packages.ts'
import { within } from './patch.ts'

/** A `require` that code makes for itself finds the packages of its own incarnation. */
export function patchPackageLoading(): void {
  within(Module, 'createRequire', ({ data }, [from], real) => {
    const fresh = data.get(FreshPackages)
    if (!(fresh instanceof FreshPackages)) return real(from)
    const place = String(from)
    return fresh.requireFor(place.startsWith('file:') ? fileURLToPath(place) : place)
  })
}
