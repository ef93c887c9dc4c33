create table orders (id text primary key, times int not null);
