alter table orders add constraint one_of_each unique (order_id);
