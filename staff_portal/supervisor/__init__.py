"""The supervisor behind ``make run``: PostgreSQL and Valkey from wheels, worker, beat and web as its own children.

Linux only (it reads ``/proc`` and uses the parent-death signal). Nothing here imports Django except
``prepare``, which runs in a child of its own.
"""
