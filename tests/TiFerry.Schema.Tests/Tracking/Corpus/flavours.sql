-- The format is explained in types.sql.

-- case mysql 8
@mysql97 create table t (id int not null auto_increment primary key, b int default 0, a int as (b + 1) virtual, c varchar(10) generated always as (concat('x', b)) stored, d int default 3 invisible, key ((b + 1)), key kk (b desc, c), unique ((cast(c as char(5)))), check (b < 10), e int check (e > 0), constraint foo check (b > e) not enforced) comment = 'hi';
@mysql97 alter table t alter column d set visible, alter check foo enforced, alter index kk invisible;
@mysql97 alter table t drop check foo, add constraint check (d > 1), add check (d < 100), alter column b set default (4 + 4);
@mysql97 rename table t to t2;
@mysql97 alter table t2 drop constraint t2_chk_1, rename index kk to k2, add unique key uu (b) invisible;
@mysql97 alter table t2 drop constraint uu, drop e;
@mysql97 create table t3 like t2;
@mysql97 set sql_generate_invisible_primary_key = 1;
@mysql97 create table t4 (a int, b int unique);
@mysql97 alter table t4 add c int first, drop a;
@mysql97 create table t5 (a int, primary key (a));
@mysql97 set sql_generate_invisible_primary_key = 0;
@mysql97 alter table t4 drop primary key, drop column my_row_id;
@mysql97 set default_collation_for_utf8mb4 = utf8mb4_general_ci;
@mysql97 create table t6 (a char(1) charset utf8mb4, b char(1)) charset utf8mb4;
@mysql97 alter table t6 convert to character set utf8mb4;
@mysql97 set default_collation_for_utf8mb4 = default;
@mysql97 create table t7 (a char(1) charset utf8mb4, b char(1), c char(1) collate utf8mb4_0900_as_cs) charset utf8mb4 collate utf8mb4_0900_bin;
@mysql97 alter table t7 modify a char(2) charset utf8mb4 collate utf8mb4_ja_0900_as_cs, modify b char(2);
@mysql97 create table t8 (a int, b int, c json, key mv ((cast(c->'$.x' as unsigned array))), unique fx (a, (b + a) desc));
@mysql97 alter table t8 drop key mv, add key ((abs(a))), add key ((abs(b)));
@mysql97 alter table t8 add d int as (a + b) stored after a, rename column c to cc;

-- case mariadb
@mariadb create table t (id int not null auto_increment primary key, b int default 0, a int as (b + 1) virtual, d int invisible default 3, key kk (b desc), check (b < 10), e int check (e > 0), constraint foo check (b > e)) comment = 'hi';
@mariadb alter table t rename column b to bb;
@mariadb alter table t change e ee int check (ee > 1), drop constraint foo, add check (ee < 100), add constraint bar check (ee < 101);
@mariadb alter table t add column if not exists bb int, add column if not exists zz int, drop column if exists nope, drop index if exists nope, modify column if exists nope int;
@mariadb alter table t add index if not exists kk (zz), add index if not exists (zz), drop constraint if exists nope, change column if exists nope nope2 int;
@mariadb alter table if exists nope add a int;
@mariadb create table ie (a int, b int);
@mariadb alter table ie add column if not exists a int unique, modify column if exists b int unique;
@mariadb alter table ie add c int, modify c bigint;
@mariadb alter table ie add column if not exists a int unique, modify column if exists b int unique;
@mariadb alter table ie modify a bigint, add z int, change a z int first;
@mariadb alter table t alter index kk ignored;
@mariadb alter table t alter key kk not ignored;
@mariadb alter table t rename index kk to kk2;
@mariadb alter table t modify ee int invisible, alter column if exists nope set default 3;
@mariadb create or replace table t (a int, b blob, unique (b), unique (a, b));
@mariadb create or replace index b on t (a);
@mariadb create index if not exists b on t (b(5));
@mariadb drop index if exists nope on t;
@mariadb create table v (a int) with system versioning;
@mariadb set system_versioning_alter_history = keep;
@mariadb alter table v add b int;
@mariadb alter table v drop system versioning;
@mariadb alter table v add system versioning;
@mariadb create table w (a int, s timestamp(6) generated always as row start, e timestamp(6) generated always as row end, period for system_time (s, e)) with system versioning;
@mariadb create table x (a int, s date, e date, period for p (s, e), unique (a, p without overlaps));
@mariadb alter table x drop period for p, drop key a;
@mariadb rename table if exists nope to nope2, x to xx;
@mariadb drop table if exists nope, xx;
@mariadb create table y (a varchar(10) collate uca1400_ai_ci, b char(1)) charset utf8mb4 collate utf8mb4_uca1400_as_cs;
@mariadb create sequence seq;
@mariadb drop sequence seq;
@mariadb create table j (a json default '{}', b json check (json_length(b) > 1), c json collate utf8mb4_bin);
@mariadb alter table j convert to character set latin1;
@mariadb alter table j modify a text, change b bb json;

-- case partitions
create table t (a int, b int) partition by range (a) (partition p0 values less than (10), partition p1 values less than (20));
alter table t add partition (partition p2 values less than (30), partition p3 values less than maxvalue);
alter table t drop partition p0;
alter table t reorganize partition p2, p3 into (partition q values less than (25), partition r values less than maxvalue);
alter table t truncate partition q;
create table x like t;
alter table x remove partitioning;
alter table t exchange partition q with table x;
alter table t add c int, add key (c);
alter table t remove partitioning;
alter table t partition by hash (a) partitions 4;
alter table t add partition partitions 2;
alter table t coalesce partition 3;
alter table t partition by key (a) (partition k0, partition k1);
alter table t analyze partition k0;
create table l (a int, b varchar(5)) partition by list columns (b) (partition p0 values in ('a', 'b'), partition p1 values in ('c'));
alter table l drop partition p0;
@mariadb alter table l add partition if not exists (partition p1 values in ('d'));
@mariadb alter table l add partition (partition p2 values in ('d'));
@mariadb alter table l convert partition p2 to table l2;
@mariadb alter table l convert table l2 to partition p3 values in ('d');

-- case quoting
set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
create table "t" ("a b" varchar(10) default 'x\y', b int comment 'c:\dir');
@mysql97,mariadb alter table "t" add c varchar(20) as (concat("a b", 'q\')), add constraint "ch" check ("b" > 3);
set sql_mode = 'ANSI';
create table "u" (a varchar(10) default 'it''s', key "k k" (a));
