import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import staff_portal.kernel.base.hardtriggers


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0007_follow_the_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='root_type',
            field=models.CharField(db_default='', max_length=80),
        ),
        migrations.AddField(
            model_name='hold',
            name='root_id',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.RunSQL(
            "UPDATE kernel_hold SET root_type = subject_type, root_id = subject_id",
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datedsetting',
            trigger=pgtrigger.compiler.Trigger(name='moves', sql=staff_portal.kernel.base.hardtriggers.HardUpsertTriggerSql(func="\n            IF (FALSE AND OLD IS DISTINCT FROM NEW)\n               OR (to_jsonb(OLD) - ARRAY[]::text[]) IS DISTINCT FROM (to_jsonb(NEW) - ARRAY[]::text[]) THEN\n                RAISE EXCEPTION 'refused' USING ERRCODE = '23514', CONSTRAINT = 'k5_setting_kept';\n            END IF;\n            RETURN NEW;\n        ", hash='fa09711e157bf8542363196edc07e17df854de51', operation='UPDATE', pgid='pgtrigger_moves_79669', table='kernel_datedsetting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='moves', sql=staff_portal.kernel.base.hardtriggers.HardUpsertTriggerSql(func="\n            IF (OLD.lifted_at IS NOT NULL AND OLD IS DISTINCT FROM NEW)\n               OR (to_jsonb(OLD) - ARRAY['lifted_at']::text[]) IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['lifted_at']::text[]) THEN\n                RAISE EXCEPTION 'refused' USING ERRCODE = '23514', CONSTRAINT = 'hold_kept';\n            END IF;\n            RETURN NEW;\n        ", hash='ce7eca2e6dc4e5da1f5fbca92f42d895a5979304', operation='UPDATE', pgid='pgtrigger_moves_bd0d2', table='kernel_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='holiday',
            trigger=pgtrigger.compiler.Trigger(name='moves', sql=staff_portal.kernel.base.hardtriggers.HardUpsertTriggerSql(func="\n            IF (FALSE AND OLD IS DISTINCT FROM NEW)\n               OR (to_jsonb(OLD) - ARRAY[]::text[]) IS DISTINCT FROM (to_jsonb(NEW) - ARRAY[]::text[]) THEN\n                RAISE EXCEPTION 'refused' USING ERRCODE = '23514', CONSTRAINT = 'k5_holiday_kept';\n            END IF;\n            RETURN NEW;\n        ", hash='2410c5ab02e5d126d746de47a9790f61391c87d0', operation='UPDATE', pgid='pgtrigger_moves_4d9d2', table='kernel_holiday', when='BEFORE')),
        ),
    ]
