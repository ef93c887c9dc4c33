create table orders (
  order_id text primary key,
  item text not null
);

create table outbox (
  id bigint generated always as identity primary key,
  event text not null
);
