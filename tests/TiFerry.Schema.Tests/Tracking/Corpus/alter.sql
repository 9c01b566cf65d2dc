-- The format is explained in types.sql.

-- case columns
create table t (a int, b int, c varchar(10), d text);
alter table t add e int, add f int first, add g int after a, add (h int, i int), drop b;
alter table t modify c varchar(20) first, change d dd mediumtext after f, add column j int after dd;
alter table t modify a bigint after e, add k int after a, drop g, add l int first;
alter table t change a b int, change e a varchar(5), change h e date;
alter table t drop a, add a text first, add m int after a;
alter table t modify e date comment 'x' after j, modify j int not null default 4;
alter table t modify J bigint, drop column I, change DD Dd text;
alter table t comment 'hello', engine innodb, row_format = dynamic;
alter table t engine = myisam;
alter table t engine = InnoDB, force;
alter table t order by b;

-- case moves
create table t (a int, b int, c int, d int, e int);
alter table t modify a int after c, modify b int after a;
alter table t modify e int first, modify d int first;
alter table t add x int first, modify c int after x, add y int after c;
alter table t change c cc int after d, add z int after cc;
alter table t drop d, drop e, add d int, add e int first;

-- case renames
create table t (a int, b int, key (a), unique u (b, a));
alter table t change a b int, change b a int;
@mysql97,mariadb alter table t rename column a to b, rename column b to a;
@mysql97,mariadb alter table t rename column a to c, add d int after c, alter b set default 3;
alter table t rename to t2;
alter table t2 rename t3, add zz int;
rename table t3 to a, a to b, b to c;
create table d (x int);
rename table c to tmp, d to c, tmp to d;
alter table d rename as dd;
create database ${db}_b character set latin1;
rename table dd to ${db}_b.dd;
alter table ${db}_b.dd rename dd2;
alter table c rename ${db}_b.c;
drop database ${db}_b;

-- case keys
create table t (a int, b int, c int, d varchar(20), e text, unique (a), key (a), key (a), unique (b, c), unique u (c, a), index (c), primary key pk (a, b));
alter table t add key (a), add unique (b), add unique key (c, b), add index k (d(5)), add fulltext key (e), add key (e(10), d);
alter table t drop key a_2, drop index k, add key a_2 (b);
alter table t drop primary key, add primary key (c);
@mysql alter table t drop c;
create index i on t (a, b);
create unique index j using btree on t (b) comment 'x';
drop index i on t;
@mysql alter table t drop a, drop b;
create table t2 (a int key, b int unique, c int unique key, d int unique comment 'x' default 3, key (d));
drop index `primary` on t2;
alter table t2 add primary key (b), drop key b;
create table t3 (a int, `primary` int, key (`primary`), key `primary_3` (a));
@mysql97,mariadb alter table t2 rename key c to cc;
create table t4 (a int not null, b int not null, c int, unique key z (c), unique key y (b), unique key x (a));
alter table t4 drop key x;
alter table t4 modify b int;
alter table t4 modify b int not null, modify c int not null;
create table t5 (id int auto_increment, a int, unique key (id), key (a));
alter table t5 modify id int auto_increment primary key, drop key id;
create table t6 (a int, b int, constraint foo unique (a), constraint unique (b), constraint bar primary key (a, b));
create table t7 (a int, key (a), key using btree (a), unique key k type btree (a));

-- case prefixes
alter database $db charset latin1;
create table t (a varchar(3), key (a(3)), key k2 (a(2)), b text, key (b(10)), key (b(10), a), c blob, unique (c(7)), d char(10), e varbinary(10), key (d(4), e(4)));
alter table t modify a varchar(2), modify b mediumtext;
alter table t modify a varchar(10);
alter table t modify b varchar(10);
alter table t modify b varchar(9), modify c varbinary(20);
alter table t change a z int, modify d char(4);
alter table t modify e varbinary(3);
alter table t drop b;
alter table t drop z, add y int;
alter table t convert to character set utf8;
create table t2 (a varchar(10), key (a(3)), b varchar(10) charset utf8, unique (b(4)));
alter table t2 convert to character set utf8mb4;
alter table t2 modify a text, modify b tinytext;
alter table t2 convert to character set binary;

-- case nullability
create table t (a int, b int, primary key (a));
alter table t drop primary key;
alter table t modify a int;
alter table t add primary key (a);
alter table t modify a bigint comment 'x', drop primary key;
create table t2 (a int not null, b varchar(3), c datetime, e enum('x'), g decimal(5,2), h float, i date, j time, k year, l bit(3), m set('a'), n binary(2), o char(4), primary key (b, c, e, g, h, i, j, k, l, m, n, o));
alter table t2 modify b varchar(4);
alter table t2 drop primary key, add primary key (a, b);
create table t3 (a int null, b int not null default 5);
alter table t3 add primary key (b), alter a set default 3;
alter table t3 alter a drop default, alter b drop default;
alter table t3 alter column a set default null;

-- case charsets
alter database $db charset latin1;
create table t (a tinytext, b text, c mediumtext, d varchar(10), e char(5) collate latin1_bin, f enum('a'), g blob, h varchar(10) charset utf8, i varchar(300), j binary(4), k text(100), l longtext);
alter table t convert to character set utf8mb4;
alter table t convert to character set latin1 collate latin1_bin;
create table t2 (a tinytext charset utf8, b text charset utf8, d varchar(10) charset utf8);
alter table t2 convert to character set utf8mb4;
alter table t2 add e varchar(3) charset ucs2, modify d varchar(3) charset ucs2, add g text, convert to character set latin1;
alter table t2 add h varchar(3), default character set utf8mb4, add i varchar(3) collate latin1_bin;
alter table t2 character set binary, add j varchar(3), add k text, add l char(2), add m enum('a');
alter table t2 collate utf8_bin;
alter table t2 convert to character set binary;
create table t3 (a tinytext, b text) charset utf8mb4;
alter table t3 convert to character set utf16;
alter table t3 modify a varchar(10) charset latin1, add b2 varchar(5) collate utf8mb4_bin;
alter table t3 charset latin1, collate latin1_german1_ci, add z char(1);
@mysql56,mariadb alter table t3 default charset = default;
alter database $db collate utf8mb4_bin;
create table t4 (a char(3));
alter table t4 charset utf8mb4, modify a char(4);
@mysql56,mariadb alter table t4 default character set = default, add b char(1);
@mysql56,mariadb create table t41 (a char(1)) charset default;
@mysql56,mariadb alter table t41 charset latin1;
@mysql56,mariadb alter table t41 convert to character set default;
set sql_mode = '';
create table t8 (a varchar(1000) charset utf8mb4, b text, key (a), key (b(5000)));
@mariadb create table t9 (a blob, b text charset utf8mb4, key (a), key (b));
create table t10 (a int, b blob);
alter table t10 convert to character set utf8;
alter table t10 add c char(1);
create table t5 (a varchar(20000) charset utf8);
alter table t5 convert to character set utf8mb4;
create database ${db}_c character set utf8 collate utf8_unicode_ci;
create table ${db}_c.x (a char(1));
create table ${db}_c.z like t4;
drop database ${db}_c;

-- case tables
create table t (a int primary key);
create table if not exists t (b int);
create table t2 like t;
create table if not exists t2 like t;
create temporary table tmp (a int);
drop temporary table tmp;
truncate table t;
drop table t, t2;
drop table if exists t, t3;
create table t (a int) comment 'x' engine = memory;
create view v as select a from t;
rename table v to v2;
drop view v2;
create table `we``ird name` (`a b` int, `select` int, `ü` varchar(10), key `k``1` (`a b`));
alter table `we``ird name` change `a b` `c``d` bigint, add `from` int after `select`;

-- case foreign keys
create table p (a int, b int, primary key (a), unique (b), unique ab (a, b));
create table c (a int, b int, x int, foreign key (a) references p (a), constraint cc foreign key (b) references p (b), constraint dd foreign key kk (a, b) references p (a, b));
alter table c add key zz (b, a), add key (b);
alter table c add foreign key (x) references p (b);
alter table c drop foreign key cc;
alter table c add key (x, a);
alter table c add foreign key (x) references p (a) on delete cascade;
rename table c to c2;
alter table c2 add foreign key (x) references p (b) on update set null;
rename table p to pp;
create table d (a int, b int references pp (a), c int, key k (c), foreign key (c) references pp (a), foreign key idx (b) references pp (a));
create table e like c2;
alter table d change c cc int;

-- case timestamps
set sql_mode = '';
@mariadb,mysql97 set explicit_defaults_for_timestamp = 0;
create table a (a timestamp, b timestamp, c timestamp default current_timestamp, d timestamp null default current_timestamp on update current_timestamp, e timestamp not null default 0, f timestamp(3));
create table b (a timestamp null, b timestamp, c timestamp);
create table c (x int, b timestamp default '2001-02-03');
alter table c add c timestamp;
alter table c add d timestamp first;
alter table c modify b timestamp;
alter table c modify c timestamp default now(), modify d timestamp;
create table d (b timestamp on update current_timestamp, c timestamp(2) on update current_timestamp(2));
create table e (x int, b timestamp(3) default now(3), c timestamp not null default now());
alter table e add d timestamp null, add e timestamp first, add f timestamp;
create table f (a timestamp, primary key (a));
create table g (a int, b timestamp(4), primary key (b));
alter table g add c timestamp, add d timestamp;

-- case replaced columns
create table t (a decimal(10,2), b datetime(3), c set('a','b'), d char(4) charset utf8mb4, e varchar(10) charset utf8, f int, k float, key (a), key (b), key (c), key (d), key (e(4)), key (f));
alter table t drop a, add a varchar(10);
alter table t drop b, add b varbinary(20) first;
alter table t drop c, add c char(2);
alter table t drop d, add d varchar(10) charset latin1;
alter table t drop e, add e blob;
alter table t drop f, add f char(6), add g int;
alter table t drop k, add k int unique;
create table t1 (h int, a int, b int, e int);
alter table t1 add c int after a, modify a double after b;
alter table t1 modify b double after a, modify a double after e;
