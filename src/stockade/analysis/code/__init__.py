"""Code to a small intermediate form: a front end per language, and what a name refers to."""
