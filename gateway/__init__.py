"""The processes: supervisor, doors, worker; and the commands of the command line.

A room that the plan did not have: so that `worker.py` stays one screen and `faultgate.py` one list of commands.
"""
