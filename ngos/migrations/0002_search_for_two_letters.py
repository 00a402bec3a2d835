from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

import ngos.models.querysets

# The words of a search text have no blank, nor have the pieces. The price keeps the planner from calling it for
# every row; without statistics it takes the index in any case, and the function is not called for them either.
CREATE = """
    CREATE FUNCTION ngos_short_pieces(value text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    DECLARE word text; pieces text[] := '{}'; place integer;
    BEGIN
        FOREACH word IN ARRAY string_to_array(value, ' ') LOOP
            FOR place IN 1 .. length(word) LOOP
                pieces := pieces || substr(word, place, 1) || substr(word, place, 2);
            END LOOP;
        END LOOP;
        RETURN pieces;
    END $$
"""
DROP = "DROP FUNCTION ngos_short_pieces(text)"
NO_STATISTICS = "ALTER INDEX ngo_search_short ALTER COLUMN 1 SET STATISTICS 0"


class Migration(migrations.Migration):

    dependencies = [
        ('ngos', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.AddIndex(
            model_name='ngo',
            index=GinIndex(ngos.models.querysets.ShortPieces('search_text'), name='ngo_search_short'),
        ),
        migrations.RunSQL(NO_STATISTICS, migrations.RunSQL.noop),
    ]
