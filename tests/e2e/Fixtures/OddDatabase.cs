namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A small database with one of everything that a restore may lose.</summary>
internal static class OddDatabase
{
    public const string Schema = """"
        CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE EXTENSION hstore;
        COMMENT ON EXTENSION citext IS 'ours';
        CREATE SCHEMA "Odd ""Schema""" AUTHORIZATION odd_owner;
        CREATE DOMAIN percent AS numeric CHECK (VALUE BETWEEN 0 AND 100);
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE TYPE pair AS (a int, b text);
        CREATE SEQUENCE odd_seq START 7 INCREMENT 3; SELECT nextval('odd_seq'), nextval('odd_seq');
        CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name citext UNIQUE, share percent, feeling mood, p pair);
        INSERT INTO parent (name, share, feeling, p) SELECT 'Näme ' || i, i, 'glad', ROW(i, 'b' || i)::pair FROM generate_series(1, 50) i;
        CREATE TABLE child (id bigserial PRIMARY KEY, parent_id int NOT NULL REFERENCES parent ON DELETE CASCADE, raw bytea, doc jsonb,
          tags text[], kv hstore, at timestamptz DEFAULT now(), doubled int GENERATED ALWAYS AS (parent_id * 2) STORED);
        INSERT INTO child (parent_id, raw, doc, tags, kv)
          SELECT 1 + i % 50, decode(md5(i::text), 'hex') || '\x00ff0a5c'::bytea, jsonb_build_object('k', i, 'text', E'tab\there \\ "q" ☃ \n'),
            ARRAY['a', NULL, E'x\ty\nz\\'], hstore('k', i::text) FROM generate_series(1, 500) i;
        CREATE INDEX child_doc ON child USING gin (doc); CREATE INDEX child_trgm ON parent USING gin ((name::text) gin_trgm_ops);
        CREATE TABLE "Odd ""Schema"""."Sélect" ("from" int PRIMARY KEY, "a b" text COMPRESSION pglz COLLATE "C", CHECK ("from" > 0));
        INSERT INTO "Odd ""Schema"""."Sélect" SELECT i, repeat('x', i * 100) FROM generate_series(1, 30) i;
        ALTER TABLE "Odd ""Schema"""."Sélect" OWNER TO odd_owner;
        CREATE TABLE measured (at date NOT NULL, value float8) PARTITION BY RANGE (at);
        CREATE TABLE measured_2025 PARTITION OF measured FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE measured_rest PARTITION OF measured DEFAULT;
        CREATE INDEX ON measured (at);
        INSERT INTO measured SELECT '2025-06-01'::date + i, CASE i WHEN 3 THEN 'NaN'::float8 WHEN 4 THEN '-Infinity' ELSE i::float8 END FROM generate_series(0, 400) i;
        CREATE TABLE base (a int); CREATE TABLE derived (b int) INHERITS (base);
        INSERT INTO base VALUES (1); INSERT INTO derived VALUES (2, 3), (4, 5);
        CREATE UNLOGGED TABLE fleeting (a int); INSERT INTO fleeting VALUES (1);
        CREATE TABLE empty_table (a int);
        CREATE TABLE no_columns (); INSERT INTO no_columns DEFAULT VALUES;
        CREATE VIEW a_view AS SELECT name, count(*) AS n FROM parent JOIN child ON parent.id = child.parent_id GROUP BY name;
        CREATE MATERIALIZED VIEW a_matview AS SELECT * FROM a_view; CREATE UNIQUE INDEX ON a_matview (name);
        CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.raw := 'changed'; RETURN NEW; END $f$;
        CREATE TRIGGER loud BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION loud();
        CREATE RULE quiet AS ON INSERT TO empty_table DO INSTEAD NOTHING;
        ALTER TABLE parent ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON parent TO odd_reader USING (share > 10);
        GRANT SELECT ON parent, child TO odd_reader; GRANT USAGE ON SCHEMA "Odd ""Schema""" TO odd_reader;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO odd_reader;
        COMMENT ON TABLE parent IS 'it''s a \ comment'; COMMENT ON COLUMN child.doc IS 'doc';
        SELECT lo_from_bytea(424242, decode(repeat('00ff5c0a', 5000), 'hex')); SELECT lo_from_bytea(424243, 'second'::bytea);
        ALTER LARGE OBJECT 424243 OWNER TO odd_owner; COMMENT ON LARGE OBJECT 424242 IS 'big';
        CREATE STATISTICS s ON parent_id, id FROM child;
        CREATE PUBLICATION pub FOR TABLE parent;
        """";

    public static async Task CreateAsync(PostgresServer server, string name)
    {
        await server.SqlAsync("postgres", """
            DO $$ BEGIN
              IF to_regrole('odd_owner') IS NULL THEN CREATE ROLE odd_owner; CREATE ROLE odd_reader; END IF;
            END $$
            """);
        var quoted = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await server.SqlAsync("postgres", $"CREATE DATABASE {quoted} OWNER odd_owner");
        await server.SqlAsync("postgres", $"ALTER DATABASE {quoted} SET work_mem = '7MB'");
        await server.SqlAsync("postgres", $"ALTER DATABASE {quoted} SET search_path = '$user', public, 'Odd \"Schema\"'");
        await server.SqlAsync("postgres", $"ALTER ROLE odd_reader IN DATABASE {quoted} SET statement_timeout = '9s'");
        await server.SqlAsync("postgres", $"COMMENT ON DATABASE {quoted} IS 'the odd one'");
        await server.SqlAsync("postgres", $"REVOKE CONNECT ON DATABASE {quoted} FROM PUBLIC");
        await server.SqlAsync("postgres", $"GRANT CONNECT ON DATABASE {quoted} TO odd_reader WITH GRANT OPTION");
        await server.SqlAsync(name, "SET search_path = public; SET row_security = on; " + Schema);
    }
}
