"""What carries out which article of a document."""
