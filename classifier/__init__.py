"""The sorting table: typical fix or incident, from rules and a knowledge base; functions of their arguments."""
