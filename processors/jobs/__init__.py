"""The job queue: work that was enqueued in the transaction of the event it answers, run by any worker on any host."""
