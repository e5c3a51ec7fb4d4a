"""The four groups of people who log in, with what each may do."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

READ = "view"
EVENTS = ("event", "evidence", "ruling", "tag")
REGISTRY = ("outlet", "feed", "actor", "alias", "role", "place", "situation")
GROUPS = {
    "Analyst": [(READ, None)],
    "Editor": [(READ, None), *((verb, model) for verb in ("add", "change") for model in ("event", "tag"))],
    "Senior editor": [
        (READ, None),
        *((verb, model) for verb in ("add", "change") for model in ("event", "tag", *REGISTRY)),
        ("change", "article"),
        ("change", "reading"),
        *(("delete", model) for model in ("alias", "role", "tag")),
    ],
}


def make_groups(apps: Apps, schema_editor: object) -> None:
    for label in ("articles", "timeline", "auth"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    grant_rights(apps)


def grant_rights(apps: Apps) -> None:
    """Makes the groups out of the permissions that are there; repeating it changes nothing."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    ours = permission_model.objects.filter(content_type__app_label__in=("articles", "timeline"))
    for name, rights in GROUPS.items():
        group, _ = group_model.objects.get_or_create(name=name)
        for verb, model in rights:
            codename = f"{verb}_{model}" if model else f"{verb}_"
            found = ours.filter(codename=codename) if model else ours.filter(codename__startswith=codename)
            group.permissions.add(*found)
    admins, _ = group_model.objects.get_or_create(name="Admin")
    admins.permissions.add(*ours, *permission_model.objects.filter(content_type__app_label="auth"))


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0002_evidence_coded"),
        ("articles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
