"""Where documents come from: a folder first."""
