"""The site's hasher with the least work it accepts."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 as on the site, some milliseconds instead of tens."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
