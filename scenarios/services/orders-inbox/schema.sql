create table orders (
  id bigint generated always as identity primary key,
  order_id text not null,
  item text not null,
  created_at timestamptz not null default now()
);

create table inbox (
  message_id text primary key
);
