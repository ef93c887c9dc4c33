create table rows (
  topic text,
  part int,
  off bigint,
  primary key (topic, part, off)
);
