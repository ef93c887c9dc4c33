create table orders (
  id bigint generated always as identity primary key,
  "orderId" text not null,
  item text not null
);

create table inbox (
  "messageId" text primary key
);
