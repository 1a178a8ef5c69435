"""What JavaScript does otherwise: properties, `this`, promises, the methods of its own types."""
