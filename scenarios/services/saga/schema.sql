create table orders (
  order_id text primary key,
  state text not null default 'placed'
);

create table stock (
  item text primary key,
  pieces int not null
);

insert into stock values ('tea', 10);

-- Placed, with a piece taken out of the stock for each, before the first message is sent.
insert into orders (order_id) select 'o-' || number from generate_series(0, 5) as number;
