import { keepProfiles } from './consumer.ts'

/** A change that is older than what stands there changes nothing. */
await keepProfiles(`
  insert into profiles (customer, address, version) values ($1, $2, $3)
  on conflict (customer) do update set address = excluded.address, version = excluded.version
  where profiles.version < excluded.version
`)
