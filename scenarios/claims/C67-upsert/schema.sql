create table products (id text primary key, last int not null);
