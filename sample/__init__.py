"""Sample mails and the wiring of the desk that `make run` shows."""
