import { keepProfiles } from './consumer.ts'

/** Whatever comes last stays: a process that was cut off writes what has long been replaced. */
await keepProfiles(`
  insert into profiles (customer, address, version) values ($1, $2, $3)
  on conflict (customer) do update set address = excluded.address, version = excluded.version
`)
