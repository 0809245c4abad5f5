"""What Lotse shows over HTTP."""
