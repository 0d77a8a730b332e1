"""Process plumbing: time limits, child processes, the supervisor, logging."""
