"""Files to applications. The only package that reads the user's files."""
