"""What one function puts into a bucket, table, queue ... and where it arrives in others."""
