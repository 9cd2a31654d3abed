"""Events as rows of the columnar tables."""
