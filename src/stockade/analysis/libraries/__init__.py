"""What the libraries that functions use do with data, as tables: one file per family."""
