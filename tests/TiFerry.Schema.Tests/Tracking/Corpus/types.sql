-- Sequences of statements; each "-- case" has a database of its own ($db is its name). A statement ends with ";" at the end of a line.
-- "@mariadb,mysql97 " in front of one names the servers that take it; "mysql" stands for all of MySQL.

-- case numbers
create table t (a tinyint, b smallint(3), c int unsigned zerofill, d bigint(0), e bit, f year, g decimal, h dec(5), i float(24), j float(25), k float(7,4), l double, m double precision, n real(5,2), o bool, p serial);
create table t2 (a tinyint(1), b tinyint(1) unsigned, c int(5) zerofill, d mediumint unsigned, e bit(64), f year(4), g numeric(10,3) unsigned, h fixed, i int1, j int2, k int3, l int4, m int8, n middleint, o integer unsigned, p boolean not null default true, q float unsigned, r double zerofill, s decimal(0), t decimal(7,0) zerofill);
alter table t2 modify a tinyint(3), modify c int(10);
create table t5 (a bigint serial default value);
@mysql56 set sql_mode = 'REAL_AS_FLOAT';
@mysql56 create table t3 (a int unsigned default 0);
set sql_mode = 'REAL_AS_FLOAT';
create table t4 (a real, b double);

-- case texts
alter database $db character set utf8mb4;
create table t (a text(10), b text(63), c text(64), d text(100), e text(20000), f text(70000), g blob(100), h blob(300), i text(255) character set latin1, j text(256) character set latin1, k char, l varchar(3) binary, m char(3) ascii, n char(3) unicode, o char(3) byte, p nchar(3), q nvarchar(3), r long, s long varchar, t long varbinary, u character varying(4), v enum('a ','b''c','d','e') character set latin1, w set('x','y') binary, x tinyblob, y national varchar(5), z varchar(3) collate utf8_bin);
create table t2 (a char(3) character set binary, b varchar(3) character set binary, c text character set binary, d enum('a') character set binary, e tinytext charset binary, f long varchar charset binary, g set('a') charset binary, h mediumtext binary, j binary, k varbinary(10), l blob(16777216));
create table t3 (a varchar(3), b varchar(3) binary, c varchar(3) collate utf8_bin, d varchar(3) charset utf8 binary, e nchar(2) binary) collate utf8mb4_unicode_ci;
create table t4 (a varchar(3), b enum('a'), c text, d char(2) charset latin1, e varchar(3) charset utf8mb4) charset = binary;
create table t5 (a varchar(3), b char(3) charset utf8 collate utf8_general_ci) charset utf8;
create table t6 (a varchar(3)) default character set = latin2 collate latin2_bin;
set sql_mode = '';
create table t7 (a varchar(70000), b varchar(20000), c varbinary(70000), d varchar(20000) charset latin1);
alter table t7 modify d varchar(20000);

-- case dates
create table t (a date, b time, c datetime, d timestamp null, e time(3), f datetime(6), g timestamp(2) null, h year, i datetime(0));
alter table t modify a datetime(1), add z datetime default current_timestamp on update current_timestamp, add y timestamp(3) not null default current_timestamp(3) on update now(3);

-- case documents and places
@mysql97,mariadb create table t (a json, b json not null);
@mysql97,mariadb alter table t add c json, modify a longtext;
create table g (a geometry, b point not null, c linestring, d polygon, e multipoint, f multilinestring, g multipolygon, h geometrycollection) engine = myisam;
alter table g add spatial key (b);
@mysql97 create table h (a point not null srid 4326, b geomcollection, c geometry, spatial key (a));
@mysql97 alter table h modify b multipoint;
@mysql97 create table v (a vector(3), b vector, c int);
@mariadb create table m (a uuid, b inet6, c inet4, d varchar(10) compressed, e text compressed, f inet6 not null primary key);

-- case enums
create table t (a enum('A','b','Zz') default 'a', b set('x','y','z') default 'z,x', c enum('''','"','a,b') character set utf8);
alter table t modify a enum('A','b','Zz','new') not null default 'zz', modify b set('x','y','z','w');

-- case defaults
set sql_mode = '';
create table t (a int default '7', b int default 1.5, c decimal(6,2) default 1, d double default 1, e float default 1.50, f bit(4) default b'101', g bit(8) default 5, h date default '2020-1-2', i datetime(3) default '2020-01-02 3:4:5', j time default '1:2', k year default 99, l enum('Aa','b') default 'aA', m set('x','y') default 'y,x', n char(3) default 'a', o binary(3) default 'a', p int(5) zerofill default 7, q bool default true, r varchar(5) default x'4142', s int default -3, t timestamp default '2020-01-01', u tinyint default 0x41, v varchar(10) default 'it''s\n\\', w datetime(3) default now(3) on update current_timestamp(3), x datetime default localtime, y varchar(5) default 5, z varchar(4) default null);
create table t2 (a datetime default 0, b date default 0, c varchar(10) not null default '', d decimal(5,2) unsigned zerofill default 1.5, e double(8,3) default 2, f int default '-12', g bigint unsigned default 18446744073709551615, h year default 0, i bit(1) default 1, j float default 1e10, k double default 0.1, l char(5) default 'ab  ', m varchar(5) default 'ab  ', n time(2) default '-10:11:12.5', o int not null default 3, p decimal(30,10) default 12345678901234567890.0123456789);
alter table t2 alter a set default '2021-02-03 04:05:06', alter b drop default, alter c set default 'x', alter o drop default;
@mysql97,mariadb create table t3 (a int default (1 + 2), b varchar(40) default (uuid()), c datetime default (now()), d json default (json_array()), e text default ('abc'));
@mysql97 create table t4 (a int default (1), b int as (a + 1), c varchar(10) as (concat('x', a)) stored not null, d int generated always as (b * 2) virtual unique comment 'x');
@mariadb create table t4 (a int default (1), b int as (a + 1), c varchar(10) as (concat('x', a)) stored, d int generated always as (b * 2) virtual unique comment 'x', e int as (a) persistent, f int default rand(), g varchar(20) default concat('a', 'b'));
