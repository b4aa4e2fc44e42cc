"""The gateway under torture: killed, starved and cut off; what it promised must be there."""
