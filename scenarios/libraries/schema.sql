create table orders (id integer primary key, body text not null);
