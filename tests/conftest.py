"""What holds for every test."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # an example may take long on a machine that has much to do
