create table profiles (
  customer text primary key,
  address text not null,
  version int not null
);
