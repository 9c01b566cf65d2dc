namespace TiFerry.TestServers.Zoo;

/// <summary>JSON, geometry, and the types that only one family has.</summary>
internal static class Documents
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("json_binary", "MySQL's binary JSON printed as the server prints it: number types, small and large layouts, partial updates", Servers.MySql97)
        {
            Create = ["CREATE TABLE json_binary (id INT PRIMARY KEY, j JSON, d JSON DEFAULT (JSON_ARRAY(1, 'x')))"],
            Inserts =
            [
                """INSERT INTO json_binary VALUES (1, '{}', '[]'), (2, 'null', 'true'), (3, '""', 'false'), (4, NULL, NULL), (5, '[[], {}, [[]], {"": {"": ""}}]', '0')""",
                """INSERT INTO json_binary VALUES (10, '[0, -1, 32767, 32768, -32768, -32769, 65535, 65536, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296]', '9223372036854775807')""",
                """INSERT INTO json_binary VALUES (11, '[-9223372036854775808, 18446744073709551615, 1.0, -0.0, 0.1, 1e308, 5e-324, 1e20, 123456789012345678901234567890, 1.5e-7, 100000000000000000000.5]', '18446744073709551615')""",
                """INSERT INTO json_binary VALUES (12, '{"b": 1, "a": 2, "aa": 3, "": 4, "\\u00e4": "\\u20ac \\ud83d\\ude00", "q\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f": "\\u0000x"}', '"a b"')""",
                "INSERT INTO json_binary SELECT 14, JSON_OBJECT('big', REPEAT('x', 70000), 'list', JSON_ARRAY(1, REPEAT('ü', 200), NULL, 1.5)), JSON_ARRAY(REPEAT('y', 127), REPEAT('y', 128), REPEAT('y', 16383), REPEAT('y', 16384), REPEAT('y', 65535))",
                "INSERT INTO json_binary SELECT 15, CONCAT('{', GROUP_CONCAT(CONCAT('\"key', n, '\": ', n) SEPARATOR ','), '}'), '[]' FROM (SELECT a.n * 10 + b.n AS n FROM (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) a, (SELECT 0 AS n UNION SELECT 1 UNION SELECT 5 UNION SELECT 9) b) numbers",
                $"INSERT INTO json_binary VALUES (16, '{new string('[', 90)}{new string(']', 90)}', '-1')",
            ],
            Changes =
            [
                "SET SESSION binlog_row_value_options = 'PARTIAL_JSON'",
                """UPDATE json_binary SET j = JSON_SET(j, '$.list[1]', 'short', '$.new', JSON_OBJECT('k', 1)) WHERE id = 14""",
                """UPDATE json_binary SET j = JSON_REMOVE(JSON_REPLACE(j, '$.a', 'replaced'), '$.b') WHERE id = 12""",
                """UPDATE json_binary SET j = JSON_SET(j, '$[3]', -5, '$[20]', 'appended') WHERE id = 10""",
                """UPDATE json_binary SET d = JSON_ARRAY_INSERT(d, '$[0]', 'first') WHERE id IN (1, 14)""",
                "SET SESSION binlog_row_value_options = ''",
                """UPDATE json_binary SET j = '{"whole": [1, 2.50, "three"]}' WHERE id IN (2, 4)""",
                "DELETE FROM json_binary WHERE id = 15",
            ],
        },
        new("json_opaque", "dates, times, decimals and bytes inside JSON have types that their text does not show: through text 1.50 becomes 1.5", Servers.MySql97)
        {
            Create = ["CREATE TABLE json_opaque (id INT PRIMARY KEY, j JSON, d JSON)"],
            Inserts =
            [
                "INSERT INTO json_opaque VALUES (1, JSON_ARRAY(CAST('2023-01-02' AS DATE), CAST('-12:34:56.789' AS TIME(3)), CAST('2023-01-02 03:04:05.678901' AS DATETIME(6)), CAST(1.50 AS DECIMAL(10,2)), CAST(-0.001 AS DECIMAL(65,30)), _binary 0x00FF41, b'101', 1 = 1), CAST(CAST('838:59:59' AS TIME) AS JSON))",
            ],
            Changes = ["UPDATE json_opaque SET d = JSON_OBJECT('t', CAST('00:00:01.5' AS TIME(1)), 'y', CAST('2024-02-29' AS DATE)) WHERE id = 1", "INSERT INTO json_opaque SELECT 2, j, CAST(CAST(7.10 AS DECIMAL(5,2)) AS JSON) FROM json_opaque WHERE id = 1"],
        },
        new("json_text", "MariaDB's JSON is text and keeps its blanks and its key order", Servers.MariaDb)
        {
            Create = ["CREATE TABLE json_text (id INT PRIMARY KEY, j JSON, k JSON NOT NULL DEFAULT '{}')"],
            Inserts = ["""INSERT INTO json_text VALUES (1, '{ "b" : 1,  "a":[1.0 , 2e2 ] }', '[]'), (2, NULL, 'null'), (3, '"\\u00e4\\n"', '{"k":"\\\\"}')"""],
            Changes = ["UPDATE json_text SET j = JSON_SET(j, '$.c', 3) WHERE id = 1", "UPDATE json_text SET k = ' [ ] ' WHERE id = 2", "DELETE FROM json_text WHERE id = 3"],
        },
        new("json_indexes", "functional and multi-valued indexes stand on hidden columns", Servers.MySql97)
        {
            Create = ["CREATE TABLE json_indexes (id INT PRIMARY KEY, doc JSON, name VARCHAR(20), KEY tags ((CAST(doc->'$.tags' AS UNSIGNED ARRAY))), UNIQUE KEY lower_name ((LOWER(name))))"],
            Inserts = ["""INSERT INTO json_indexes VALUES (1, '{"tags": [1, 2, 3]}', 'One'), (2, '{"tags": []}', 'Two'), (3, '{}', NULL)"""],
            Changes = ["""UPDATE json_indexes SET doc = '{"tags": [7]}', name = 'ONE' WHERE id = 1""", "UPDATE json_indexes SET name = 'three' WHERE id = 3", "DELETE FROM json_indexes WHERE id = 2"],
        },
        new("geometries", "every kind of geometry, with and without a reference system", Servers.All)
        {
            Create =
            [
                "CREATE TABLE geometries (id INT PRIMARY KEY, g GEOMETRY, p POINT, l LINESTRING, po POLYGON, mp MULTIPOINT, ml MULTILINESTRING, mpo MULTIPOLYGON, gc GEOMETRYCOLLECTION)",
            ],
            Inserts =
            [
                """
                INSERT INTO geometries VALUES (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(-0.1 1e300)'), ST_GeomFromText('LINESTRING(0 0,1 1,2 0.5)'),
                  ST_GeomFromText('POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 4,2 2))'), ST_GeomFromText('MULTIPOINT(1 1,2 2)'), ST_GeomFromText('MULTILINESTRING((0 0,1 1),(2 2,3 3,4 4))'),
                  ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))'))
                """,
                "INSERT INTO geometries (id) VALUES (2)",
                "INSERT INTO geometries (id, g, p) VALUES (3, ST_GeomFromText('LINESTRING(10 20,30 40)', 4326), ST_GeomFromText('POINT(48.5 9.25)', 4326))",
            ],
            Changes =
            [
                "UPDATE geometries SET g = ST_GeomFromText('MULTIPOINT(3 3,4 4)'), p = NULL WHERE id = 1",
                "UPDATE geometries SET p = ST_GeomFromText('POINT(39 92)') WHERE id = 2",
                "DELETE FROM geometries WHERE id = 3",
            ],
        },
        new("spatial_index", "NOT NULL geometry under a spatial index", Servers.Modern)
        {
            Create = ["CREATE TABLE spatial_index (id INT PRIMARY KEY, g GEOMETRY NOT NULL, SPATIAL KEY (g))"],
            Inserts = ["INSERT INTO spatial_index VALUES (1, ST_GeomFromText('POINT(1 2)')), (2, ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')), (3, ST_GeomFromText('POINT(0 0)'))"],
            Changes = ["UPDATE spatial_index SET g = ST_GeomFromText('POINT(5 6)') WHERE id = 2", "DELETE FROM spatial_index WHERE id = 3"],
        },
        new("geometry_srid", "a column bound to a reference system whose axes are latitude first", Servers.MySql97)
        {
            Create = ["CREATE TABLE geometry_srid (id INT PRIMARY KEY, p POINT NOT NULL SRID 4326, SPATIAL KEY (p))"],
            Inserts = ["INSERT INTO geometry_srid VALUES (1, ST_GeomFromText('POINT(48.5 9.25)', 4326)), (2, ST_GeomFromText('POINT(-90 180)', 4326))"],
            Changes = ["UPDATE geometry_srid SET p = ST_GeomFromText('POINT(0 -179.5)', 4326) WHERE id = 1", "DELETE FROM geometry_srid WHERE id = 2"],
        },
        new("vectors", "MySQL 9's VECTOR, four bytes per dimension", Servers.MySql97)
        {
            Create = ["CREATE TABLE vectors (id INT PRIMARY KEY, v VECTOR(3), w VECTOR)"],
            Inserts = ["INSERT INTO vectors VALUES (1, TO_VECTOR('[1,2,3]'), TO_VECTOR('[-0.0]')), (2, TO_VECTOR('[1e38,-1e38,1.18e-38]'), 0x0000803F5C270000), (3, NULL, NULL)"],
            Changes = ["UPDATE vectors SET v = TO_VECTOR('[0.1,0.2,0.3]') WHERE id IN (1, 3)", "DELETE FROM vectors WHERE id = 2"],
        },
        new("inet_and_uuid", "MariaDB's INET4, INET6 and UUID are fixed binary strings in the binary log; UUID is stored in another byte order", Servers.MariaDb)
        {
            Create =
            [
                "CREATE TABLE inet_and_uuid (u UUID PRIMARY KEY, i4 INET4, i6 INET6, d UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000')",
                "CREATE TABLE inet_key (i6 INET6, i4 INET4, v INT, PRIMARY KEY (i6, i4))",
            ],
            Inserts =
            [
                "INSERT INTO inet_and_uuid VALUES ('00000000-0000-0000-0000-000000000000', '0.0.0.0', '::', '123e4567-e89b-12d3-a456-426614174000')",
                "INSERT INTO inet_and_uuid VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', '255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '123e4567-e89b-42d3-8456-426614174000')",
                "INSERT INTO inet_and_uuid (u, i4, i6) VALUES ('018f3f2a-5c27-7abc-8def-0123456789ab', '39.92.0.13', '::ffff:192.0.2.1'), ('c9a2f3d0-1b2c-11ee-be56-0242ac120002', NULL, NULL)",
                "INSERT INTO inet_key VALUES ('::', '0.0.0.0', 1), ('::1', '127.0.0.1', 2), ('2001:db8::5c27', '10.0.0.1', 3)",
            ],
            Changes =
            [
                "UPDATE inet_and_uuid SET i4 = '1.0.0.0', i6 = '1::', d = u WHERE i4 IS NULL",
                "DELETE FROM inet_and_uuid WHERE i4 = '0.0.0.0'",
                "UPDATE inet_key SET i6 = '2001:db8::' WHERE v = 3",
                "DELETE FROM inet_key WHERE v = 1",
            ],
        },
    ];
}
