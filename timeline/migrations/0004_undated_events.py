from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0003_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='series_sha256',
            field=models.BinaryField(editable=False, max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='event',
            name='first_report_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='coded',
            field=models.JSONField(blank=True, default=dict, help_text='What this evidence alone was coded as: sides, type, verb, speaker and the rest'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['series_sha256', 'first_report_on'], condition=models.Q(series_sha256__isnull=False), name='event_series'),
        ),
    ]
