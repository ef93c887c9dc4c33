/**
 * Run behind a database's schema, so that it can be put back to this state: its rows
 * and sequences, in a schema of our own, and a trigger that remembers whether tables were changed
 * (then it is made again from its template, which takes longer).
 */
export const KEEP_BEGINNING = `
create schema onceover;
create table onceover.changes (command text);
create table onceover.kept (id int, target text, columns text);
create table onceover.sequences as
  select format('%I.%I', schemaname, sequencename) as name, start_value, last_value, null::boolean as called
  from pg_sequences where schemaname <> 'onceover';
do $$
declare
  each record;
  called boolean;
begin
  for each in select name from onceover.sequences loop
    execute 'select is_called from ' || each.name into called;
    update onceover.sequences s set called = keep.called from (select called) keep where s.name = each.name;
  end loop;
  for each in
    select c.oid, row_number() over (order by c.oid)::int as id, format('%I.%I', n.nspname, c.relname) as target,
      (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute a
        where a.attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence <> 't' and pg_relation_size(c.oid) > 0
      and n.nspname not in ('pg_catalog', 'information_schema', 'onceover') and n.nspname !~ '^pg_toast'
    order by c.oid
  loop
    execute format('create table onceover.kept_%s as select %s from only %s', each.id, each.columns, each.target);
    insert into onceover.kept values (each.id, each.target, each.columns);
  end loop;
end $$;
create function onceover.begin_again() returns void language plpgsql as $$
declare
  tables text;
  each record;
begin
  select string_agg(format('%I.%I', n.nspname, c.relname), ', ' order by c.oid) into tables
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and pg_relation_size(c.oid) > 0
    and n.nspname not in ('pg_catalog', 'information_schema', 'onceover') and n.nspname !~ '^pg_toast';
  if tables is not null then
    execute 'truncate ' || tables || ' cascade';
  end if;
  for each in select * from onceover.kept order by id loop
    execute format('insert into %s (%s) overriding system value select %s from onceover.kept_%s',
      each.target, each.columns, each.columns, each.id);
  end loop;
  perform setval(name::regclass, coalesce(last_value, start_value), called) from onceover.sequences;
end $$;
create function onceover.note_change() returns event_trigger language plpgsql as $$
begin
  insert into onceover.changes values (tg_tag);
end $$;
create event trigger onceover_change on ddl_command_end execute function onceover.note_change();
create event trigger onceover_drop on sql_drop execute function onceover.note_change();
alter event trigger onceover_change enable always;
alter event trigger onceover_drop enable always;`

/** Rows of what can't be put back row by row. */
export const BEYOND_ROWS = `select 1 where exists (select from onceover.changes)
  or exists (select from pg_class where relkind = 'm') or exists (select from pg_largeobject_metadata)`

/** Triggers and references have had their say when the rows were first inserted. */
export const BEGIN_AGAIN =
  'set session_replication_role = replica; select onceover.begin_again(); set session_replication_role = origin'
