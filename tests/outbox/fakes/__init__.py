"""Ticket systems that can't run here, built from their documentation; each names its source."""
