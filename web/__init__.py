"""HTTP for whoever serves it: the desk, the partners' interface, the doors of messengers. Knows no other room."""
