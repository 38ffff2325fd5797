namespace KubectlMlopsBackup.Mlflow;

/// <summary>The one statement that counts, checks and rewrites.</summary>
internal static class ArtifactRewriteSql
{
    /// <summary>
    /// First pass: every column's rows, those that a map fits, and whether what they become fits the column. Only when
    /// all do, a second pass writes. Names are quoted by <c>format</c>, values are parameters of EXECUTE. Partitions are
    /// reached through their parent; a view or a generated column follows by itself.
    /// </summary>
    public static string Statement { get; } = $$"""
        DO $mlopsbackup$
        DECLARE
          map CONSTANT jsonb := current_setting('mlopsbackup.map')::jsonb;
          writes CONSTANT boolean := current_setting('mlopsbackup.write')::boolean;
          untouched CONSTANT jsonb := current_setting('mlopsbackup.untouched')::jsonb;
          expected CONSTANT boolean := current_setting('mlopsbackup.expected')::boolean;
          mapped CONSTANT text := $q$(SELECT CASE WHEN @ = m.o THEN m.x ELSE m.n || substr(@, length(m.o) + 1) END
            FROM jsonb_to_recordset($1) m(o text, n text, x text)
            WHERE @ = m.o OR left(@, length(m.o) + 1) = m.o || '/' ORDER BY length(m.o) DESC LIMIT 1)$q$;
          pass integer; c record; r record; found jsonb; uri text; moved text; expression text;
          total bigint; hits bigint; longest integer; over bigint; sum bigint := 0;
          results jsonb := '[]'; problems text := '';
        BEGIN
          FOR pass IN 1 .. CASE WHEN writes THEN 2 ELSE 1 END LOOP
            FOR c IN
              SELECT f.table_schema AS s, f.table_name AS t, f.column_name AS n, k.filter, i.character_maximum_length::integer AS most
              FROM ({{ArtifactReferences.ColumnsSql}}) f
              JOIN information_schema.columns i ON i.table_schema::text = f.table_schema
                AND i.table_name::text = f.table_name AND i.column_name::text = f.column_name AND i.is_generated = 'NEVER'
              JOIN pg_catalog.pg_namespace ns ON ns.nspname::text = f.table_schema
              JOIN pg_catalog.pg_class cl ON cl.relnamespace = ns.oid AND cl.relname::text = f.table_name
                AND cl.relkind IN ('r', 'p') AND NOT cl.relispartition
              JOIN (VALUES {{Kinds}}) k(t, n, filter) ON k.t = f.table_name AND (k.n = f.column_name OR k.n = '*'
                AND (f.column_name LIKE '%artifact%' OR f.column_name LIKE '%\_location' OR f.column_name LIKE '%\_uri'))
              WHERE NOT untouched ? (f.table_schema || '.' || f.table_name)
              ORDER BY 1, 2, 3
            LOOP
              total := 0; hits := 0; longest := 0; over := 0;
              IF c.t = 'datasets' THEN
                FOR r IN EXECUTE format('SELECT x.tableoid AS o, x.ctid AS i, x.%1$I::text AS v FROM %2$I.%3$I x WHERE x.%1$I <> ''''', c.n, c.s, c.t) LOOP
                  BEGIN
                    found := r.v::jsonb;
                    uri := CASE WHEN jsonb_typeof(found) = 'object' AND jsonb_typeof(found -> 'uri') = 'string' THEN found ->> 'uri' END;
                  EXCEPTION WHEN OTHERS THEN
                    found := NULL;
                    uri := r.v;
                  END;
                  EXECUTE 'SELECT ' || replace(mapped, '@', '($2 COLLATE "C")') INTO moved USING map, uri;
                  total := total + 1;
                  IF moved IS NOT NULL THEN
                    IF found IS NOT NULL THEN
                      moved := jsonb_set(found, '{uri}', to_jsonb(moved))::text;
                    END IF;
                    hits := hits + 1;
                    longest := greatest(longest, length(moved));
                    over := over + coalesce((length(moved) > c.most)::integer, 0);
                    IF pass = 2 THEN
                      EXECUTE format('UPDATE %2$I.%3$I x SET %1$I = $1 WHERE x.tableoid = $2 AND x.ctid = $3', c.n, c.s, c.t)
                        USING moved, r.o, r.i;
                    END IF;
                  END IF;
                END LOOP;
              ELSE
                expression := replace(mapped, '@', format('(x.%I::text COLLATE "C")', c.n));
                IF pass = 1 THEN
                  EXECUTE format('SELECT count(*), count(m), coalesce(max(length(m)), 0), count(*) FILTER (WHERE length(m) > $2) '
                    'FROM (SELECT %4$s AS m FROM %2$I.%3$I x WHERE x.%1$I <> '''' AND %5$s OFFSET 0) y', c.n, c.s, c.t, expression, c.filter)
                    INTO total, hits, longest, over USING map, c.most;
                ELSE
                  EXECUTE format('UPDATE %2$I.%3$I x SET %1$I = %4$s WHERE x.%1$I <> '''' AND %5$s AND %4$s IS NOT NULL',
                    c.n, c.s, c.t, expression, c.filter) USING map;
                END IF;
              END IF;
              IF pass = 1 THEN
                sum := sum + hits;
                results := results || jsonb_build_object('s', c.s, 't', c.t, 'c', c.n, 'total', total, 'hits', hits);
                IF over > 0 THEN
                  problems := problems || CASE WHEN problems = '' THEN '' ELSE '; ' END || format(
                    '%s.%s takes %s characters, and %s of its URIs would be longer, up to %s', c.t, c.n, c.most, over, longest);
                END IF;
              END IF;
            END LOOP;
            IF problems <> '' THEN
              RAISE EXCEPTION '{{ArtifactMap.OptionName}}: %', problems;
            END IF;
            IF writes AND expected AND sum = 0 THEN
              RAISE EXCEPTION '{{ArtifactMap.OptionName}}: the snapshot lists URIs that it fits, and the restored database has none';
            END IF;
          END LOOP;
          PERFORM set_config('{{ArtifactRewrite.ResultSetting}}', results::text, true);
        END $mlopsbackup$
        """;

    private static string Kinds => string.Join(
        ", ", ArtifactColumn.All.Select(c => $"('{c.Table}', '{c.Column}', '{(c.Filter ?? "true").Replace("'", "''", StringComparison.Ordinal)}')"));
}
