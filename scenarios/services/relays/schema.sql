create table orders (
  order_id text not null,
  status text not null,
  primary key (order_id, status)
);

create table outbox (
  id bigint generated always as identity primary key,
  order_id text not null,
  status text not null
);
