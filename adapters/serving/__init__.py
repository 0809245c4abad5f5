"""Every platform and its worker in one process: kept alive, watched, measured, and stopped in order."""
