"""PostgreSQL and Valkey out of wheels, and the supervisor that keeps the whole board running.

The flow of `manage.py up`: `hold_folder` → `Valkey.program()` and `Postgres.program()` say what to run →
`Supervisor` starts them as direct children, reads their output into one log, and starts again what ends.
Nothing here imports Django.
"""
