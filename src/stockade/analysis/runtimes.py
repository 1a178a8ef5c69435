"""Which runtimes AWS no longer mends, and since when.

The dates are those of the table under "Lambda runtimes" in the AWS Lambda Developer Guide. To
refresh them, copy the column "Deprecation date" of its two tables into `DEPRECATED`.
"""

from datetime import date

DEPRECATED = {
    "nodejs4.3": date(2020, 3, 5),
    "nodejs6.10": date(2019, 8, 12),
    "nodejs8.10": date(2020, 3, 6),
    "nodejs10.x": date(2021, 7, 30),
    "nodejs12.x": date(2023, 3, 31),
    "nodejs14.x": date(2023, 12, 4),
    "nodejs16.x": date(2024, 6, 12),
    "nodejs18.x": date(2025, 9, 1),
    "nodejs20.x": date(2026, 4, 30),
    "python2.7": date(2021, 7, 15),
    "python3.6": date(2022, 7, 18),
    "python3.7": date(2023, 12, 4),
    "python3.8": date(2024, 10, 14),
    "python3.9": date(2025, 12, 15),
    "python3.10": date(2026, 10, 31),
    "ruby2.5": date(2021, 7, 30),
    "ruby2.7": date(2023, 12, 7),
    "ruby3.2": date(2026, 3, 31),
    "java8": date(2024, 1, 8),
    "go1.x": date(2024, 1, 8),
    "provided": date(2024, 1, 8),
    "dotnetcore1.0": date(2019, 6, 27),
    "dotnetcore2.0": date(2019, 5, 30),
    "dotnetcore2.1": date(2022, 1, 5),
    "dotnetcore3.1": date(2023, 4, 3),
    "dotnet6": date(2024, 12, 20),
    "dotnet8": date(2026, 11, 10),
}
"""When AWS stopped, or will stop, mending each runtime."""

BLOCKED_BEFORE = date(2024, 2, 1)
"""Functions cannot be deployed on runtimes that were deprecated before this day."""

NEWEST = {
    "nodejs": "nodejs24.x",
    "python": "python3.14",
    "ruby": "ruby3.4",
    "java": "java25",
    "go": "provided.al2023",
    "provided": "provided.al2023",
    "dotnetcore": "dotnet10",
    "dotnet": "dotnet10",
}
"""What to move to, by language."""
